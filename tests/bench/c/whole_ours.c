/* Signs in and makes a call with the library: whole_ours PORT. Without a port it does nothing. */

#include "creatio_auth.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char PATH[] = "/odata/Contact";

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(connection, (struct sockaddr *)&address, sizeof address) == 0 ? connection : -1;
}

/* Sends the request and reads the reply. */
static creatio_status perform(int connection, creatio_session *session, creatio_exchange *exchange)
{
    static uint8_t buffer[16384];
    creatio_status status;
    size_t len = 0;
    do {
        status = creatio_exchange_fill(exchange, session, buffer, sizeof buffer, &len);
        if (status < 0 || send(connection, buffer, len, MSG_NOSIGNAL) != (ssize_t)len)
            return -1;
    } while (status == CREATIO_MORE);
    do {
        ssize_t received = recv(connection, buffer, sizeof buffer, 0);
        const uint8_t *piece = buffer;
        if (received <= 0)
            return creatio_exchange_close(exchange, session);
        status = CREATIO_MORE;
        for (len = (size_t)received; len > 0 && status == CREATIO_MORE;) {
            creatio_fed fed = {0};
            status = creatio_exchange_feed(exchange, session, piece, len, &fed);
            piece += fed.consumed;
            len -= fed.consumed;
        }
    } while (status == CREATIO_MORE);
    return status;
}

static int run(int port)
{
    static uint8_t memory[4096];
    char url[64];
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    creatio_login login = {0};
    creatio_answer answer = {0};
    creatio_credentials who = {0};
    creatio_call call = {0};
    who.user_name = "Supervisor";
    who.user_name_len = strlen(who.user_name);
    who.password = "secret";
    who.password_len = strlen(who.password);
    call.path = PATH;
    call.path_len = sizeof PATH - 1;

    int len = snprintf(url, sizeof url, "http://127.0.0.1:%d", port), connection = connect_to(port);
    int good = connection >= 0 && creatio_site_parse(&site, url, (size_t)len, CREATIO_RUNTIME_NET_FRAMEWORK) == CREATIO_OK &&
               creatio_session_init(&session, &site, memory, sizeof memory) == CREATIO_OK &&
               creatio_session_login(&session, &who, &exchange) == CREATIO_OK &&
               perform(connection, &session, &exchange) == CREATIO_OK &&
               creatio_exchange_login_result(&exchange, &session, &login) == CREATIO_OK && login.authenticated &&
               creatio_session_call(&session, &call, &exchange) == CREATIO_OK &&
               perform(connection, &session, &exchange) == CREATIO_OK &&
               creatio_exchange_call_result(&exchange, &session, &answer) == CREATIO_OK &&
               answer.verdict == CREATIO_CALL_FINE;
    close(connection);
    return good ? 0 : 1;
}

int main(int count, char **arguments)
{
    return count < 2 ? 0 : run(atoi(arguments[1]));
}
