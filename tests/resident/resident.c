/* resident: signs in by one of the doors, makes calls, logs out and stays, as the program in Rust beside it does.
 *
 *     resident HOST:PORT DOOR PIECE
 *
 * with the password in one line of the standard input. A line lets it go on each time. */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "creatio_auth.h"

static creatio_site site;
static creatio_session session;
static creatio_exchange exchange;
static uint8_t memory[4096];
static uint8_t buffer[4096];
static size_t piece;

static void expect(bool is_so, const char *what) {
    if (!is_so) {
        fprintf(stderr, "resident: %s\n", what);
        exit(2);
    }
}

/* Reads up to the end of a line, without a buffer of the C library's, which nobody could wipe. */
static size_t read_line(char *line, size_t cap) {
    size_t len = 0;
    while (len < cap && read(STDIN_FILENO, line + len, 1) == 1 && line[len] != '\n') {
        len++;
    }
    return len;
}

static void say(const char *word) {
    char line[16];
    expect(write(STDOUT_FILENO, word, strlen(word)) > 0, "cannot write");
    read_line(line, sizeof line);
}

static int open_socket(void) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(creatio_site_port(&site))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    expect(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "no connection");
    return fd;
}

/* Sends the request and takes the reply, in pieces, over a connection of its own. */
static void perform(creatio_status begun) {
    creatio_status status;
    size_t len;
    int fd = open_socket();
    expect(begun == CREATIO_OK, "the exchange does not begin");
    do {
        status = creatio_exchange_fill(&exchange, &session, buffer, piece, &len);
        expect(status >= 0 && send(fd, buffer, len, MSG_NOSIGNAL) == (ssize_t)len, "cannot send");
    } while (status == CREATIO_MORE);
    do {
        creatio_fed fed = {0};
        ssize_t received = recv(fd, buffer, piece, 0);
        expect(received >= 0, "cannot receive");
        status = received > 0 ? creatio_exchange_feed(&exchange, &session, buffer,
                                                      (size_t)received, &fed)
                              : creatio_exchange_close(&exchange, &session);
        expect(status >= 0, creatio_status_name(status));
    } while (status == CREATIO_MORE);
    creatio_wipe(buffer, sizeof buffer);
    close(fd);
}

int main(int argc, char **argv) {
    static char secret[256];
    char url[64];
    expect(argc == 4, "URL DOOR PIECE");
    piece = (size_t)strtoul(argv[3], NULL, 10);
    snprintf(url, sizeof url, "%s", argv[1]);
    size_t len = read_line(secret, sizeof secret);
    creatio_credentials who = {.user_name = "Supervisor", .user_name_len = 10,
                               .password = secret, .password_len = len};
    creatio_client_credentials client = {.id = "client", .id_len = 6,
                                         .secret = secret, .secret_len = len};
    expect(creatio_site_parse(&site, url, strlen(url), CREATIO_RUNTIME_NET) == CREATIO_OK &&
               creatio_session_init(&session, &site, memory, sizeof memory) == CREATIO_OK,
           "no session");
    if (strcmp(argv[2], "login") == 0) {
        perform(creatio_session_login(&session, &who, &exchange));
        expect(creatio_session_has_ticket(&session), "not signed in");
    } else if (strcmp(argv[2], "token") == 0) {
        perform(creatio_session_token(&session, &site, &client, &exchange));
    } else {
        expect(creatio_session_use_basic(&session, &who) == CREATIO_OK, "no room");
    }
    static const char path[] = "/odata/Contact";
    creatio_call call = {.method = CREATIO_METHOD_GET, .path = path, .path_len = strlen(path)};
    perform(creatio_session_call(&session, &call, &exchange));
    call.method = CREATIO_METHOD_POST;
    call.body = (const uint8_t *)"{}";
    call.body_len = 2;
    perform(creatio_session_call(&session, &call, &exchange));
    say("in\n");

    call = creatio_call_logout();
    perform(creatio_session_call(&session, &call, &exchange));
    creatio_session_clear(&session);
    creatio_wipe(secret, sizeof secret);
    say("out\n");
    return 0;
}
