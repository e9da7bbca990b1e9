/* epoll: a gateway with many sessions in one thread. Each signs in, makes calls over a connection that
 * is kept, and logs out; where one ends in the middle, it is renewed. Nothing waits but epoll_wait.
 *
 *     CREATIO_PASSWORD=... ./epoll URL USER net|net-framework [SESSIONS [CALLS]]
 *
 * At the end it says what a session has taken of memory and of the processor's time, where they are so
 * many that what they share does not count.
 *
 * Exit code: 0 all sessions have done all, 1 some have not, 2 an error. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "creatio_auth.h"
#include "nonblocking.h"

extern const char program[];
const char program[] = "epoll";

enum { PATIENCE = 60000, PAUSE = 200 }; /* for an exchange, and between two calls, in milliseconds */
enum { MANY = 100 };                    /* sessions, whose share in what all have is small */

enum work { LOG_IN, CALL, LOG_OUT };

/* A session, and all that it takes. */
struct unit {
    creatio_session session;
    creatio_exchange exchange;
    creatio_renewal renewal;
    struct connection connection;
    uint32_t events; /* what epoll waits for; 0 if it does not know the socket */
    enum work work;
    enum { SENDING, RECEIVING, RESTING, OVER } phase;
    bool is_renewing;
    int64_t due;           /* when the exchange is late, or the rest is over */
    unsigned calls;        /* that are left */
    creatio_status status; /* the exchange's */
    size_t len, sent;      /* of `out`: a socket may take a part of it */
    uint8_t out[512];
    uint8_t memory[4096]; /* the session's; see the table at creatio_session_init */
};

static struct {
    creatio_site site;
    creatio_credentials who;
    struct addrinfo *address;
    char host[256];
    const char *tls_host; /* NULL without TLS */
    int epoll;
    unsigned sessions, alive, calls, logins, renewals, log_outs;
} gateway;

/* In milliseconds, by a clock that nobody sets. */
static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void disconnect(struct unit *u) {
    connection_close(&u->connection);
    u->events = 0;
}

static void wait_for(struct unit *u, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = u};
    if (u->connection.socket >= 0 && u->events != events) {
        epoll_ctl(gateway.epoll, u->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, u->connection.socket, &event);
        u->events = events;
    }
}

static void end(struct unit *u) {
    disconnect(u);
    creatio_session_clear(&u->session); /* the ticket is as good as the password */
    creatio_wipe(u->out, sizeof u->out);
    u->phase = OVER;
    gateway.alive--;
}

static void give_up(struct unit *u, const char *why) {
    fprintf(stderr, "%s: %s\n", program, why);
    end(u);
}

/* Does nothing for a while; a peer that closes the connection meanwhile is seen. */
static void rest(struct unit *u, enum work next, int64_t milliseconds) {
    u->work = next;
    u->due = now() + milliseconds;
    u->phase = RESTING;
    wait_for(u, EPOLLIN);
}

static creatio_status begin_call(struct unit *u) {
    creatio_call call = creatio_call_logout();
    if (u->work == CALL) {
        call = (creatio_call){.path = CREATIO_STR("/odata/Contact?$top=1")};
    }
    creatio_status status = CREATIO_OK;
    if (u->work == CALL && !u->is_renewing) {
        status = creatio_renewal_init(&u->renewal, &call, false);
    }
    return status < 0 ? status : creatio_session_call(&u->session, &call, &u->exchange);
}

/* Begins an exchange: a login over a new connection, all else over the one that is kept. */
static void begin(struct unit *u) {
    u->status = creatio_session_set_time(&u->session, (uint64_t)time(NULL));
    if (u->status >= 0 && u->work == LOG_IN) {
        disconnect(u);
        u->status = creatio_session_login(&u->session, &gateway.who, &u->exchange);
    } else if (u->status >= 0) {
        u->status = begin_call(u);
    }
    u->phase = SENDING;
    u->len = u->sent = 0;
    u->due = now() + PATIENCE;
    if (u->status < 0) {
        give_up(u, creatio_status_text(u->status));
    } else if (u->connection.socket < 0 &&
               !connection_begin(&u->connection, gateway.address, gateway.tls_host)) {
        give_up(u, strerror(errno));
    } else {
        wait_for(u, EPOLLOUT);
    }
}

/* Sends what is left of the last piece of the request, or the next one. */
static long send_some(struct unit *u) {
    if (u->sent == u->len) {
        u->status = creatio_exchange_fill(&u->exchange, &u->session, u->out, sizeof u->out, &u->len);
        u->sent = 0;
        if (u->status < 0) {
            return BROKEN;
        }
        if (u->len == 0) { /* all has been taken */
            creatio_wipe(u->out, sizeof u->out); /* the password went through it, or the ticket */
            u->phase = RECEIVING;
            u->status = CREATIO_MORE;
            return 1;
        }
    }
    long sent = connection_send(&u->connection, u->out + u->sent, u->len - u->sent);
    u->sent += sent > 0 ? (size_t)sent : 0;
    return sent;
}

/* Receives some of the reply. */
static long receive_some(struct unit *u) {
    static uint8_t input[16384]; /* for all: nothing stays in it */
    long len = connection_receive(&u->connection, input, sizeof input);
    size_t taken = 0;
    if (len == CLOSED) {
        u->status = creatio_exchange_close(&u->exchange, &u->session);
    }
    while (u->status == CREATIO_MORE && len > 0 && taken < (size_t)len) {
        creatio_fed fed = {0}; /* a gateway would pass its body on */
        u->status = creatio_exchange_feed(&u->exchange, &u->session, input + taken, (size_t)len - taken, &fed);
        taken += fed.consumed;
    }
    if (len > 0) {
        creatio_wipe(input, (size_t)len);
        if (taken < (size_t)len) {
            disconnect(u); /* what nothing asked for must not pass for the next reply */
        }
    }
    return u->status < 0 ? BROKEN : len;
}

static void decide_after_login(struct unit *u) {
    creatio_login login;
    u->status = creatio_exchange_login_result(&u->exchange, &u->session, &login);
    if (u->status != CREATIO_OK || !login.authenticated) {
        give_up(u, u->status < 0 ? creatio_status_text(u->status) : creatio_login_verdict_text(login.verdict));
    } else if (u->is_renewing &&
               creatio_renewal_after_sign_in(&u->renewal, &u->exchange, &u->session) != CREATIO_RENEWAL_REPEAT) {
        give_up(u, "a call is not made again, for nobody knows whether it was done");
    } else {
        gateway.logins++;
        u->work = CALL;
        begin(u);
    }
}

static void decide_after_call(struct unit *u) {
    creatio_answer answer;
    uint32_t delay = 0;
    u->status = creatio_exchange_call_result(&u->exchange, &u->session, &answer);
    if (u->status != CREATIO_OK) {
        give_up(u, creatio_status_text(u->status));
        return;
    }
    if (answer.verdict == CREATIO_CALL_FINE) {
        gateway.calls++;
        u->is_renewing = false;
        rest(u, --u->calls > 0 ? CALL : LOG_OUT, PAUSE);
        return;
    }
    switch (creatio_renewal_after_answer(&u->renewal, &u->exchange, &u->session)) {
    case CREATIO_RENEWAL_SIGN_IN:
    case CREATIO_RENEWAL_SIGN_IN_LATER:
        gateway.renewals++;
        u->is_renewing = true;
        creatio_session_sign_in_delay(&u->session, &delay);
        u->status = creatio_session_end(&u->session, &u->exchange);
        rest(u, LOG_IN, (int64_t)delay * 1000);
        break;
    case CREATIO_RENEWAL_REPEAT_LATER:
        u->is_renewing = true;
        rest(u, CALL, answer.has_retry_after ? (int64_t)answer.retry_after * 1000 : 1000);
        break;
    default:
        give_up(u, creatio_call_verdict_text(answer.verdict));
    }
}

/* The reply is complete: what comes next. */
static void decide(struct unit *u) {
    u->connection.is_kept = u->connection.is_open && !u->connection.is_unsent &&
                            creatio_exchange_keeps_alive(&u->exchange);
    if (!u->connection.is_kept) {
        disconnect(u);
    }
    if (u->work == LOG_IN) {
        decide_after_login(u);
    } else if (u->work == CALL) {
        decide_after_call(u);
    } else {
        gateway.log_outs++;
        end(u);
    }
}

/* Has failed: once more, where a kept connection was closed and that does no harm. */
static void fail(struct unit *u) {
    bool may_go_again = u->connection.is_kept && creatio_exchange_may_be_sent_again(&u->exchange);
    disconnect(u);
    if (may_go_again) {
        begin(u);
    } else {
        give_up(u, u->status < 0 ? creatio_status_text(u->status) : "no connection, or it was cut");
    }
}

/* Goes on with a unit until its socket has no more to give, or its exchange is over. */
static void advance(struct unit *u) {
    long result = 1;
    if (u->phase == RESTING) { /* the peer has closed the connection, or says what nobody has asked for */
        disconnect(u);
        return;
    }
    while (result > 0) {
        if (!u->connection.is_open) {
            result = connection_open(&u->connection, gateway.host);
        } else if (u->phase == SENDING) {
            result = send_some(u);
            if (u->connection.is_unsent) { /* a site may answer before it has all of the request */
                u->phase = RECEIVING;
                u->status = CREATIO_MORE;
                result = 1;
            }
        } else {
            result = receive_some(u);
        }
        if (u->phase == RECEIVING && u->status == CREATIO_OK) {
            decide(u);
            return;
        }
    }
    if (result == BLOCKED) {
        wait_for(u, u->connection.wants);
    } else {
        fail(u);
    }
}

/* Goes on with those whose rest is over, and gives up those that are late. */
static void look_at_the_clock(struct unit *units) {
    int64_t time = now();
    for (struct unit *u = units; u < units + gateway.sessions; u++) {
        if (u->phase == RESTING && u->due <= time) {
            begin(u);
        } else if (u->phase != OVER && u->due <= time) {
            give_up(u, "no answer in time");
        }
    }
}

static void run(struct unit *units) {
    struct epoll_event events[256];
    for (struct unit *u = units; u < units + gateway.sessions; u++) {
        u->connection.socket = -1;
        u->status = creatio_session_init(&u->session, &gateway.site, u->memory, sizeof u->memory);
        rest(u, LOG_IN, 0);
    }
    while (gateway.alive > 0) {
        look_at_the_clock(units);
        int count = epoll_wait(gateway.epoll, events, 256, 20);
        for (int i = 0; i < count; i++) {
            advance(events[i].data.ptr);
        }
    }
}

/* What the process has taken: at most, in KiB, and of the processor, in microseconds. */
static void measure(long *memory, double *processor) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    *memory = used.ru_maxrss;
    *processor = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static bool find(const char *url, const char *runtime) {
    const char *host;
    char port[6];
    size_t len;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    creatio_runtime which = strcmp(runtime, "net") == 0 ? CREATIO_RUNTIME_NET : CREATIO_RUNTIME_NET_FRAMEWORK;
    creatio_status status = creatio_site_parse(&gateway.site, url, strlen(url), which);
    if (status < 0 || creatio_site_host(&gateway.site, &host, &len) != CREATIO_OK) {
        fprintf(stderr, "%s: %s\n", program, creatio_status_text(status));
        return false;
    }
    snprintf(gateway.host, sizeof gateway.host, "%.*s", (int)len, host);
    snprintf(port, sizeof port, "%u", (unsigned)creatio_site_port(&gateway.site));
    gateway.tls_host = creatio_site_is_https(&gateway.site) ? gateway.host : NULL;
    if (getaddrinfo(gateway.host, port, &hints, &gateway.address) != 0) {
        fprintf(stderr, "%s: no address for %s\n", program, gateway.host);
        return false;
    }
    return true;
}

static void report(double seconds, long memory, double processor) {
    double sessions = gateway.sessions;
    printf("%u sessions: %u logins, %u of them renewals, %u calls, %u log-outs in %.1f s\n", gateway.sessions,
           gateway.logins, gateway.renewals, gateway.calls, gateway.log_outs, seconds);
    printf("memory of a session: %zu bytes of contexts, %zu for cookies",
           sizeof(creatio_session) + sizeof(creatio_exchange) + sizeof(creatio_renewal),
           sizeof ((struct unit *)0)->memory);
    if (gateway.sessions < MANY) {
        printf("; what else it takes, %d sessions and more tell\n", MANY);
    } else {
        printf("; with all that belongs to it %.0f\n", (double)memory * 1024 / sessions);
        printf("processor for a session: %.0f microseconds\n", processor / sessions);
    }
}

int main(int argc, char **argv) {
    char *password = getenv("CREATIO_PASSWORD"); /* the environment itself, which can be wiped */
    int sessions = argc > 4 ? atoi(argv[4]) : 1000, calls = argc > 5 ? atoi(argv[5]) : 3;
    bool is_runtime = argc > 3 && (strcmp(argv[3], "net") == 0 || strcmp(argv[3], "net-framework") == 0);
    if (argc > 6 || !is_runtime || sessions <= 0 || calls <= 0 || password == NULL ||
        *password == '\0' || *argv[2] == '\0') {
        fputs("usage: CREATIO_PASSWORD=... epoll URL USER net|net-framework [SESSIONS [CALLS]]\n", stderr);
        return 2;
    }
    if (!find(argv[1], argv[3])) {
        return 2;
    }
    long memory_before, memory_after;
    double processor_before, processor_after;
    int64_t start = now();
    measure(&memory_before, &processor_before);
    gateway.who = (creatio_credentials){.user_name = argv[2], .user_name_len = strlen(argv[2]),
                                        .password = password, .password_len = strlen(password)};
    gateway.sessions = gateway.alive = (unsigned)sessions;
    gateway.epoll = epoll_create1(0);
    struct unit *units = calloc(gateway.sessions, sizeof *units);
    if (gateway.epoll < 0 || units == NULL) {
        fprintf(stderr, "%s: %s\n", program, strerror(errno));
        return 2;
    }
    for (unsigned i = 0; i < gateway.sessions; i++) {
        units[i].calls = (unsigned)calls;
    }
    run(units);
    measure(&memory_after, &processor_after);
    report((double)(now() - start) / 1000, memory_after - memory_before, processor_after - processor_before);
    creatio_wipe(password, strlen(password));
    free(units);
    freeaddrinfo(gateway.address);
    close(gateway.epoll);
    return gateway.log_outs == gateway.sessions ? 0 : 1;
}
