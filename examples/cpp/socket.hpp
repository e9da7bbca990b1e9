/// socket.hpp: a connection over TCP, or TLS by OpenSSL or mbedTLS, as creatio::perform wants one. Over ../c/transport.h.
#ifndef SOCKET_HPP
#define SOCKET_HPP

#include <cstddef>
#include <optional>
#include <string_view>

#include "creatio_auth.hpp"
#include "transport.h"

/// It stays where it is, for the TLS library knows its address. What fails says on stderr what went wrong.
class Socket {
public:
    Socket() = default;
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    Socket(Socket &&) = delete;
    Socket &operator=(Socket &&) = delete;
    ~Socket() { close(); }

    /// Connects to the site unless there is a connection, and begins to count the time that an exchange may take.
    bool open(const creatio::Site &site) {
        transport_.is_kept = transport_.is_open;
        was_closed_ = false;
        const std::string_view host = site.host();
        const bool is_open = transport_open(&transport_, host.data(), host.size(), site.port(), site.is_https());
        was_kept_ = transport_.is_kept;
        return is_open;
    }
    bool send(creatio::ByteView bytes) {
        const bool is_good = transport_send(&transport_, bytes.data(), bytes.size());
        was_closed_ = transport_.was_closed;
        return is_good;
    }
    std::optional<std::size_t> receive(creatio::Bytes room) {
        std::size_t len = 0;
        const bool is_good = transport_receive(&transport_, room.data(), room.size(), &len);
        was_closed_ = transport_.was_closed || (is_good && len == 0);
        return is_good ? std::optional(len) : std::nullopt;
    }
    void close() { transport_close(&transport_); }

    /// Whether it has served an exchange before, and then turned out to be closed by the peer.
    [[nodiscard]] bool was_kept_in_vain() const { return was_kept_ && was_closed_; }

private:
    transport transport_ = {};
    bool was_kept_ = false;
    bool was_closed_ = false;
};

#endif
