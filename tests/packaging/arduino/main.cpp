/* main.cpp: a sketch on this machine: clients over its sockets, of which the one with TLS is told, and fails. */
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <creatio_arduino.h>
#include <sign_in.h>

#include "../connection.h"

namespace {

class Plain : public Client {
    int socket = -1;
    bool ended = false;

  public:
    virtual ~Plain() {}

    int connect(const char *host, uint16_t port) override {
        socket = connection_open(host, port);
        return socket < 0 ? 0 : 1;
    }
    size_t write(uint8_t byte) override { return write(&byte, 1); }
    size_t write(const uint8_t *bytes, size_t size) override {
        const ssize_t sent = send(socket, bytes, size < 3 ? size : 3, MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<size_t>(sent);
    }
    int available() override {
        struct pollfd look = {socket, POLLIN, 0};
        uint8_t byte;
        if (poll(&look, 1, 0) <= 0) {
            return 0;
        }
        const ssize_t len = recv(socket, &byte, 1, MSG_PEEK);
        ended = len <= 0;
        return len > 0 ? 1 : 0;
    }
    int read() override {
        uint8_t byte;
        return read(&byte, 1) == 1 ? byte : -1;
    }
    int read(uint8_t *bytes, size_t size) override { return static_cast<int>(recv(socket, bytes, size, 0)); }
    void stop() override { close(socket); }
    uint8_t connected() override { return ended ? 0 : 1; }
};

class Tls : public Plain {
    int connect(const char *host, uint16_t port) override {
        printf("TLS to %s port %d, checked\n", host, port);
        return 0;
    }
};

uint32_t now() { return static_cast<uint32_t>(time(nullptr)); }

} // namespace

unsigned long millis(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return static_cast<unsigned long>(at.tv_sec) * 1000 + static_cast<unsigned long>(at.tv_nsec) / 1000000;
}

void delay(unsigned long ms) { usleep(static_cast<useconds_t>(ms * 1000)); }

int main(int count, char **words) {
    Plain plain;
    Tls tls;
    creatio_arduino_begin(&tls, &plain, now);
    return count == 3 && creatio_sign_in(words[1], CREATIO_RUNTIME_NET_FRAMEWORK, "Supervisor", words[2]) ? 0 : 1;
}
