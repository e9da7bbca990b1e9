/** creatio_auth_perform.hpp: a request and its reply over a blocking connection. creatio_auth.hpp includes it.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef CREATIO_AUTH_PERFORM_HPP
#define CREATIO_AUTH_PERFORM_HPP

#include <cstddef>
#include <optional>

#include "creatio_auth.hpp"

namespace creatio {

namespace detail {

/// Wipes a buffer at the end of a block.
class Wiped {
public:
    explicit Wiped(Bytes secret) noexcept : secret_(secret) {}
    Wiped(const Wiped &) = delete;
    Wiped &operator=(const Wiped &) = delete;
    Wiped(Wiped &&) = delete;
    Wiped &operator=(Wiped &&) = delete;
    ~Wiped() { wipe(secret_); }

private:
    Bytes secret_;
};

struct NobodyWantsIt {
    void operator()(ByteView /*piece*/) const noexcept {}
};
struct NoneFollows {
    bool operator()() const noexcept { return true; }
};

/// `closed_early` where the connection has failed.
template <class Connection>
Status send_request(Exchange &exchange, Session &session, Connection &connection, Bytes buffer) {
    Result<ByteView> piece;
    do {
        piece = exchange.fill(session, buffer);
        if (piece && !connection.send(*piece)) {
            return Status::closed_early;
        }
    } while (piece.status == Status::more);
    return piece.status;
}

template <class Connection, class TakeBody>
Status take_reply(Exchange &exchange, Session &session, Connection &connection, Bytes buffer, TakeBody &take_body) {
    Status status = Status::more;
    while (status == Status::more) {
        const std::optional<std::size_t> received = connection.receive(buffer);
        if (!received) {
            return Status::closed_early;
        }
        ByteView rest(buffer.data(), *received);
        if (rest.empty()) {
            status = exchange.close(session);
        }
        while (status == Status::more && !rest.empty()) {
            const Result<Fed> fed = exchange.feed(session, rest);
            status = fed.status;
            rest = rest.behind(fed->consumed);
            if (!fed->body.empty()) {
                take_body(fed->body);
            }
        }
        if (!rest.empty()) {
            connection.close(); // what nothing asked for must not pass for the next reply
        }
    }
    return status;
}

} // namespace detail

/// Sends the request and takes the reply, over a connection of yours that is open. It has three functions:
///
///     bool send(creatio::ByteView bytes);                        all of them, or the connection has failed
///     std::optional<std::size_t> receive(creatio::Bytes room);   how many have come, 0 when the peer has closed the
///                                                                connection (over TLS: after close_notify alone),
///                                                                nothing when it has failed
///     void close();                                              which may be closed already
///
/// `take_body(ByteView)` takes the body of the reply to a call, piece by piece. `send_body()` sends a body that follows the
/// head, and says whether it could; where it is the body that cannot be had, it closes the connection, lest a reply be waited
/// for. The connection is closed unless it may serve another exchange. The buffer is wiped.
///
/// All of the request is sent before anything is received. Where sending fails, a reply is looked for all the same: a site that
/// refuses a large body may answer and close the connection before it has all of it (RFC 9112, 9.5). `receive` then gives what
/// has come, as far as the system still has it. On a connection that has served an exchange before, look that nothing has come
/// since: its end, or a server's 408, would pass for the reply.
///
/// Returns `ok` when the reply is complete; `closed_early` where the connection has failed before, whatever your functions had
/// against it, a time-out or a cut; or why the exchange has failed.
template <class Connection, class TakeBody = detail::NobodyWantsIt, class SendBody = detail::NoneFollows>
Status perform(Exchange &exchange, Session &session, Connection &connection, Bytes buffer, TakeBody &&take_body = {},
               SendBody &&send_body = {}) {
    const detail::Wiped wiped(buffer); // password and ticket go through it
    const Status head = detail::send_request(exchange, session, connection, buffer);
    const Status sent = head == Status::ok && !send_body() ? Status::closed_early : head;
    const bool may_be_answered = sent == Status::ok || sent == Status::closed_early;
    const Status status =
        may_be_answered ? detail::take_reply(exchange, session, connection, buffer, take_body) : sent;
    if (status != Status::ok || sent != Status::ok || !exchange.keeps_alive()) {
        connection.close();
    }
    return status;
}

} // namespace creatio

#endif
