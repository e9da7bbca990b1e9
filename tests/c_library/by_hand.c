/* by_hand: what people write over a parser such as http-parser, on which coreHTTP was first built. Signs in, and makes two
 * records; after each it says whether it was made, and waits for a line. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <http_parser.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static char address[64], base[128], cookies[4096], token[256], name[64], answer[65536];
static unsigned port;

static int take_name(http_parser *parser, const char *at, size_t len) {
    (void)parser;
    snprintf(name, sizeof name, "%.*s", (int)len, at);
    return 0;
}

static int take_value(http_parser *parser, const char *at, size_t len) {
    size_t used = strlen(cookies);
    int pair = (int)strcspn(at, ";\r");
    (void)parser, (void)len;
    if (strcasecmp(name, "Set-Cookie") == 0) {
        snprintf(cookies + used, sizeof cookies - used, "%s%.*s", used > 0 ? "; " : "", pair, at);
        if (strncmp(at, "BPMCSRF=", 8) == 0) {
            snprintf(token, sizeof token, "%.*s", pair - 8, at + 8);
        }
    }
    return 0;
}

static unsigned post(const char *path, const char *json) {
    char request[8192];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    http_parser_settings settings = {.on_header_field = take_name, .on_header_value = take_value};
    http_parser parser;
    size_t len = 0;
    ssize_t received;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, address, &to.sin_addr);
    int size = snprintf(request, sizeof request,
                        "POST %s%s HTTP/1.1\r\nHost: %s:%u\r\nContent-Type: application/json\r\nCookie: %s\r\n"
                        "BPMCSRF: %s\r\nForceUseSession: true\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                        base, path, address, port, cookies, token, strlen(json), json);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || send(fd, request, (size_t)size, 0) != size) {
        return 0;
    }
    while ((received = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0) {
        len += (size_t)received;
    }
    close(fd);
    answer[len] = '\0';
    http_parser_init(&parser, HTTP_RESPONSE);
    http_parser_execute(&parser, &settings, answer, len);
    return parser.status_code;
}

int main(int argc, char **argv) {
    char login[512], path[512];
    if (argc != 6 || sscanf(argv[1], "http://%63[0-9.]:%u%127s", address, &port, base) < 2) {
        fputs("usage: by_hand http://ADDRESS:PORT USER PASSWORD PATH JSON\n", stderr);
        return 2;
    }
    snprintf(login, sizeof login, "{\"UserName\":\"%s\",\"UserPassword\":\"%s\"}", argv[2], argv[3]);
    snprintf(path, sizeof path, "/0%s", argv[4]);
    bool is_in = post("/ServiceModel/AuthService.svc/Login", login) == 200 && strstr(answer, "\"Code\":0") != NULL;
    for (int record = 0; is_in && record < 2; record++) {
        puts(post(path, argv[5]) / 100 == 2 ? "yes" : "no");
        fflush(stdout);
        getchar();
    }
    return 0;
}
