/* acceptor: a site whose Windows door is GSS-API's: it judges the tokens by the keytab that KRB5_KTNAME names.
 *
 *     acceptor [mute]
 *
 * It serves on loopback, says where, and has both doors. Whoever is let in gets the cookies of a login, and what shows who
 * the site is, unless it is mute. One connection at a time is enough for its tests; the handshake's state is the connection's, as in IIS. */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <gssapi/gssapi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST = 65536 };

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t decode(const char *text, unsigned char *out) {
    size_t len = 0, count = 0;
    unsigned long bits = 0;
    for (const char *digit; *text != '\0' && *text != '=' && (digit = strchr(DIGITS, *text)) != NULL; text++) {
        bits = (bits << 6 | (unsigned long)(digit - DIGITS)) & 0xFFFFFF;
        if (++count % 4 != 1) {
            out[len++] = (unsigned char)(bits >> (6 - 2 * ((count - 1) % 4)));
        }
    }
    return len;
}

static void encode(const unsigned char *bytes, size_t len, char *out) {
    for (size_t at = 0; at < len; at += 3) {
        unsigned long bits = (unsigned long)bytes[at] << 16;
        bits |= at + 1 < len ? (unsigned long)bytes[at + 1] << 8 : 0;
        bits |= at + 2 < len ? bytes[at + 2] : 0;
        *out++ = DIGITS[bits >> 18];
        *out++ = DIGITS[bits >> 12 & 63];
        *out++ = at + 1 < len ? DIGITS[bits >> 6 & 63] : '=';
        *out++ = at + 2 < len ? DIGITS[bits & 63] : '=';
    }
    *out = '\0';
}

static char reply[4 * LONGEST], answer[2 * LONGEST];
static unsigned char token[LONGEST];
static bool is_mute;

static void send_reply(int to, const char *status, const char *fields, const char *body) {
    int len = snprintf(reply, sizeof reply, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s", status, fields,
                       strlen(body), body);
    if (len > 0 && write(to, reply, (size_t)len) != len) {
        perror("write");
    }
}

/* Judges a token. */
static void accept_token(int to, gss_ctx_id_t *context, const char *text, bool is_net) {
    static char fields[3 * LONGEST];
    gss_buffer_desc in = {decode(text, token), token}, out = GSS_C_EMPTY_BUFFER, shown = GSS_C_EMPTY_BUFFER;
    gss_name_t who = GSS_C_NO_NAME;
    OM_uint32 ignored;
    OM_uint32 major = gss_accept_sec_context(&ignored, context, GSS_C_NO_CREDENTIAL, &in, GSS_C_NO_CHANNEL_BINDINGS, &who,
                                             NULL, &out, NULL, NULL, NULL);
    encode(out.value, out.length, answer);
    if (GSS_ERROR(major)) {
        send_reply(to, "401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n", "");
    } else if (major == GSS_S_CONTINUE_NEEDED) {
        snprintf(fields, sizeof fields, "WWW-Authenticate: Negotiate %s\r\n", answer);
        send_reply(to, "401 Unauthorized", fields, "");
    } else if (!GSS_ERROR(gss_display_name(&ignored, who, &shown, NULL))) {
        snprintf(fields, sizeof fields,
                 "%s%s\r\nSet-Cookie: .ASPXAUTH=%.*s; path=/\r\nSet-Cookie: BPMCSRF=4f2e; path=/\r\n%s",
                 is_mute ? "X: " : "WWW-Authenticate: Negotiate ", answer, (int)shown.length, (const char *)shown.value,
                 is_net ? "Content-Type: application/json\r\n" : "Location: /0/Shell/\r\n");
        send_reply(to, is_net ? "200 OK" : "302 Found", fields, is_net ? "{\"Code\":0,\"Message\":\"\"}" : "");
    }
    if (major != GSS_S_CONTINUE_NEEDED) {
        gss_delete_sec_context(&ignored, context, GSS_C_NO_BUFFER);
    }
    gss_release_buffer(&ignored, &out);
    gss_release_buffer(&ignored, &shown);
    gss_release_name(&ignored, &who);
}

static void serve_request(int to, gss_ctx_id_t *context, char *head) {
    bool is_framework = strncmp(head, "GET /Login/NuiLogin.aspx?ntlmlogin ", 35) == 0;
    bool is_net = strncmp(head, "POST /ServiceModel/AuthService.svc/DomainLogin ", 47) == 0;
    char *text = strstr(head, "\r\nAuthorization: Negotiate "), *cookie = strstr(head, ".ASPXAUTH=");
    if ((is_framework || is_net) && text != NULL) {
        text += strlen("\r\nAuthorization: Negotiate ");
        text[strcspn(text, "\r\n")] = '\0';
        accept_token(to, context, text, is_net);
    } else if (is_framework || is_net) {
        send_reply(to, "401 Unauthorized", "WWW-Authenticate: Negotiate\r\n", "");
    } else if (strstr(head, "/odata/Contact") != NULL && cookie != NULL) {
        cookie += strlen(".ASPXAUTH=");
        cookie[strcspn(cookie, ";\r\n")] = '\0';
        snprintf(answer, sizeof answer, "{\"value\":[{\"Name\":\"authorised as %s\"}]}", cookie);
        send_reply(to, "200 OK", "Content-Type: application/json\r\n", answer);
    } else {
        send_reply(to, "404 Not Found", "", "");
    }
}

/* One request after the other; a body is of two bytes, or none. */
static void serve(int connection) {
    static char head[LONGEST + 1];
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    OM_uint32 ignored;
    size_t len = 0;
    ssize_t came;
    while (len < LONGEST && (came = read(connection, head + len, LONGEST - len)) > 0) {
        len += (size_t)came;
        head[len] = '\0';
        char *end = strstr(head, "\r\n\r\n");
        size_t body = end != NULL && strstr(head, "\r\nContent-Length: 2\r\n") != NULL ? 2 : 0;
        if (end != NULL && len >= (size_t)(end - head) + 4 + body) {
            end[2] = '\0';
            serve_request(connection, &context, head);
            len = 0;
        }
    }
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    close(connection);
}

int main(int argc, char **argv) {
    is_mute = argc > 1 && strcmp(argv[1], "mute") == 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, len) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0) {
        perror("acceptor");
        return 1;
    }
    printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (int connection; (connection = accept(listener, NULL, NULL)) >= 0;) {
        serve(connection);
    }
    return 0;
}
