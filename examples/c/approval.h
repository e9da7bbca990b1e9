/* approval.h: what a program on a desktop does that a person is to approve: 48 random bytes, a SHA-256,
 * a URL for a browser, and a listener on loopback to which that comes back (RFC 8252). */
#ifndef APPROVAL_H
#define APPROVAL_H

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "creatio_auth.h"

/* SHA-256 (FIPS 180-4) of a text that fits into one block: a verifier has 43 characters. A chip may have
 * it in hardware, and a TLS library has it. */
static inline void sha256_of_block(const uint8_t *text, size_t len, uint8_t digest[32]) {
    static const uint32_t k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };
    uint32_t h[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    uint8_t block[64] = {0};
    uint32_t w[64], s[8];
#define ROTATED(x, n) ((x) >> (n) | (x) << (32 - (n)))
    memcpy(block, text, len); /* 55 bytes at the most */
    block[len] = 0x80;
    block[62] = (uint8_t)(len >> 5);
    block[63] = (uint8_t)(len << 3);
    for (int i = 0; i < 16; i++) {
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
               block[4 * i + 3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (ROTATED(a, 7) ^ ROTATED(a, 18) ^ a >> 3) + (ROTATED(b, 17) ^ ROTATED(b, 19) ^ b >> 10);
    }
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t a = s[0], e = s[4];
        uint32_t t = s[7] + (ROTATED(e, 6) ^ ROTATED(e, 11) ^ ROTATED(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + k[i] + w[i];
        uint32_t u = (ROTATED(a, 2) ^ ROTATED(a, 13) ^ ROTATED(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t;
        s[0] = t + u;
    }
#undef ROTATED
    for (int i = 0; i < 8; i++) {
        h[i] += s[i];
        for (int j = 0; j < 4; j++) {
            digest[4 * i + j] = (uint8_t)(h[i] >> (24 - 8 * j));
        }
    }
    creatio_wipe(block, sizeof block);
    creatio_wipe(w, sizeof w);
    creatio_wipe(s, sizeof s);
}

/* A request for approval, and what its texts lie in. */
struct approval {
    creatio_authorization_request request;
    uint8_t random[CREATIO_RANDOM_LEN];
    char redirect_uri[40];
    int listener;
    char target[2048]; /* of the browser's request; the response's texts lie in it */
    creatio_authorization_response response;
};

/* Listens on a free port of loopback, and makes a request with random bytes of its own. */
static inline bool approval_init(struct approval *a, const char *client_id) {
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    FILE *random = fopen("/dev/urandom", "rb");
    bool done = random != NULL && fread(a->random, sizeof a->random, 1, random) == 1;
    if (random != NULL) {
        fclose(random);
    }
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (!done || a->listener < 0 || bind(a->listener, (struct sockaddr *)&address, len) != 0 ||
        listen(a->listener, 8) != 0 || getsockname(a->listener, (struct sockaddr *)&address, &len) != 0) {
        return false;
    }
    snprintf(a->redirect_uri, sizeof a->redirect_uri, "http://127.0.0.1:%u/", (unsigned)ntohs(address.sin_port));
    a->request.client_id = client_id;
    a->request.client_id_len = strlen(client_id);
    a->request.redirect_uri = a->redirect_uri;
    a->request.redirect_uri_len = strlen(a->redirect_uri);
    a->request.scope = "offline_access";
    a->request.scope_len = strlen(a->request.scope);
    a->request.random = a->random;
    return true;
}

/* Prints the URL that a browser is to open. */
static inline creatio_status approval_print_url(const struct approval *a, const creatio_site *identity) {
    char verifier[CREATIO_VERIFIER_LEN], url[2048];
    uint8_t challenge[CREATIO_CHALLENGE_LEN];
    size_t len;
    creatio_status status = creatio_authorization_verifier(&a->request, verifier, sizeof verifier, &len);
    if (status == CREATIO_OK) {
        sha256_of_block((const uint8_t *)verifier, len, challenge);
        status = creatio_authorization_url(&a->request, identity, challenge, url, sizeof url, &len);
    }
    creatio_wipe(verifier, sizeof verifier);
    if (status == CREATIO_OK) {
        printf("open this in a browser, and approve:\n%.*s\n", (int)len, url);
        fflush(stdout);
    }
    return status;
}

/* Takes one request to the listener: its target, and that it is read to its end, lest the answer be lost. */
static inline bool approval_receive(struct approval *a, int peer, size_t *target_len) {
    char request[8192];
    size_t len = 0, start = 0, end;
    request[0] = '\0';
    while (strstr(request, "\r\n\r\n") == NULL) {
        ssize_t received = len < sizeof request - 1 ? recv(peer, request + len, sizeof request - 1 - len, 0) : 0;
        if (received <= 0) {
            return false;
        }
        len += (size_t)received;
        request[len] = '\0';
    }
    while (request[start] != ' ' && request[start] != '\0') {
        start++;
    }
    start += request[start] == ' ';
    end = start;
    while (request[end] != ' ' && request[end] != '\0') {
        end++;
    }
    *target_len = end - start;
    if (*target_len > sizeof a->target) {
        return false;
    }
    memcpy(a->target, request + start, *target_len);
    creatio_wipe(request, sizeof request);
    return true;
}

/* Waits for the browser to come back with the answer to this request. */
static inline creatio_status approval_wait(struct approval *a) {
    static const char good[] = "You may close this page.", other[] = "This is not what is waited for.";
    creatio_status status = CREATIO_OK;
    a->response.verdict = CREATIO_AUTHORIZATION_OTHER_STATE;
    while (status == CREATIO_OK && a->response.verdict == CREATIO_AUTHORIZATION_OTHER_STATE) {
        struct timeval patience = {.tv_sec = 5, .tv_usec = 0};
        size_t len;
        char answer[256];
        int peer = accept(a->listener, NULL, NULL);
        if (peer < 0) {
            continue;
        }
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (approval_receive(a, peer, &len)) {
            status = creatio_authorization_read(&a->request, a->target, len, &a->response);
            /* Browsers ask for icons, too, and anybody may send one here. */
            bool is_it = status == CREATIO_OK && a->response.verdict != CREATIO_AUTHORIZATION_OTHER_STATE;
            const char *text = is_it ? good : other;
            int written = snprintf(answer, sizeof answer,
                                   "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %u\r\n"
                                   "Connection: close\r\n\r\n%s",
                                   is_it ? "200 OK" : "404 Not Found", (unsigned)strlen(text), text);
            (void)!send(peer, answer, (size_t)written, MSG_NOSIGNAL); /* the browser may have gone */
        }
        close(peer);
    }
    return status;
}

static inline void approval_close(struct approval *a) {
    if (a->listener >= 0) {
        close(a->listener);
    }
    creatio_wipe(a->random, sizeof a->random);
    creatio_wipe(a->target, sizeof a->target);
}

#endif
