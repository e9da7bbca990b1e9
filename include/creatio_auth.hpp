/** creatio_auth.hpp: the contexts of creatio_auth.h as classes of C++17, with or without exceptions and RTTI.
 *
 *     std::array<std::uint8_t, 4096> memory;
 *     auto site = creatio::Site::parse("https://example.creatio.com", creatio::Runtime::net);
 *     if (!site) {
 *         return site.status;
 *     }
 *     creatio::Session session(*site, memory);
 *     auto login = session.login(creatio::Credentials(user, password));
 *     if (login && creatio::perform(*login, session, connection, buffer) == creatio::Status::ok) {
 *         std::puts(creatio::text(login->login_result(session)->verdict));
 *     }
 *
 * What each function does, and until when a text or memory has to stay, stands at its namesake in creatio_auth.h, and is
 * the same here. Nothing is allocated and nothing is thrown. The classes are the contexts and nothing more; `raw()` leads to
 * those. They are moved and not copied, and one that was moved from is not set up, which is told. A session wipes its memory
 * when it ends: declare the memory before it. An object that holds both cannot be moved, for the session would stay with the
 * memory of the old one: delete its moves, or have the memory elsewhere.
 *
 * Compilers warn of a result that nobody looks at; where it is not wanted, say so: `static_cast<void>(session.set_time(now));`.
 *
 * Texts are std::string_view and need no NUL; one that has to stay is `Lent`, which is the same without temporaries. Bytes are
 * `Bytes` or `ByteView`, for which any array, vector or std::span of bytes is taken.
 *
 * Threads are as in creatio_auth.h: one session with its exchange by one thread at a time, one site by any number.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef CREATIO_AUTH_HPP
#define CREATIO_AUTH_HPP

#if (defined(_MSVC_LANG) && _MSVC_LANG < 201703L) || (!defined(_MSVC_LANG) && __cplusplus < 201703L)
#error "creatio_auth.hpp takes C++17; creatio_auth.h is for C++98, too"
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "creatio_auth.h"
#include "creatio_auth_data.hpp"
#include "creatio_auth_words.hpp"

namespace creatio {

namespace detail {

inline char *text(Bytes out) noexcept { return reinterpret_cast<char *>(out.data()); }

} // namespace detail

/// The version of the library in use.
[[nodiscard]] inline const char *version() noexcept { return creatio_version(); }

/// Overwrites a secret of yours.
inline void wipe(Bytes secret) noexcept { creatio_wipe(secret.data(), secret.size()); }

/// Percent-encodes a value of a query; the result is its length, with `buffer_too_small` the length that it takes.
inline Result<std::size_t> encode_query(std::string_view plain, Bytes out) noexcept {
    Result<std::size_t> len;
    len.status = detail::status(creatio_encode_query(plain.data(), plain.size(), detail::text(out), out.size(), &*len));
    return len;
}

/// Escapes a text for a string of JSON; the result likewise.
inline Result<std::size_t> encode_json(std::string_view plain, Bytes out) noexcept {
    Result<std::size_t> len;
    len.status = detail::status(creatio_encode_json(plain.data(), plain.size(), detail::text(out), out.size(), &*len));
    return len;
}

/// Where a site is. It may be copied.
class Site {
public:
    Site() noexcept = default;
    static Result<Site> parse(Lent url, Runtime runtime) noexcept {
        Result<Site> site;
        site.status = detail::status(
            creatio_site_parse(&site->raw_, url.data(), url.size(), static_cast<creatio_runtime>(runtime)));
        return site;
    }

    /// Empty if the site has not been set up.
    [[nodiscard]] std::string_view host() const noexcept {
        const char *host = nullptr;
        std::size_t len = 0;
        detail::ignore(creatio_site_host(&raw_, &host, &len));
        return {host, len};
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return creatio_site_port(&raw_); }
    [[nodiscard]] bool is_https() const noexcept { return creatio_site_is_https(&raw_); }
    /// The result is its length, with `buffer_too_small` the length that it takes.
    Result<std::size_t> identity_hint(Bytes out) const noexcept {
        Result<std::size_t> len;
        len.status = detail::status(creatio_site_identity_hint(&raw_, detail::text(out), out.size(), &*len));
        return len;
    }
    /// A piece of `url`.
    Result<std::string_view> path_of(Lent url) const noexcept {
        const char *path = nullptr;
        std::size_t len = 0;
        const auto status = detail::status(creatio_site_path_of(&raw_, url.data(), url.size(), &path, &len));
        return {status, {path, len}};
    }
    [[nodiscard]] const creatio_site *raw() const noexcept { return &raw_; }

private:
    creatio_site raw_ = {};
};

/// Writes the URL that a browser is to open. The challenge is the SHA-256 of the verifier, CREATIO_CHALLENGE_LEN bytes. The result
/// is its length, with `buffer_too_small` the length that it takes.
inline Result<std::size_t> authorization_url(const AuthorizationRequest &request, const Site &identity,
                                             const std::array<std::uint8_t, CREATIO_CHALLENGE_LEN> &challenge,
                                             Bytes out) noexcept {
    Result<std::size_t> len;
    len.status = detail::status(creatio_authorization_url(request.raw(), identity.raw(), challenge.data(), detail::text(out),
                                                          out.size(), &*len));
    return len;
}

/// Reads what a browser has come back to, in whose place its texts are then.
inline Result<AuthorizationResponse> read_response(const AuthorizationRequest &request, Bytes uri) noexcept {
    creatio_authorization_response response = {};
    const auto status =
        detail::status(creatio_authorization_read(request.raw(), uri.data(), uri.size(), &response));
    return {status, status == Status::ok ? AuthorizationResponse(response) : AuthorizationResponse()};
}

class Session;

/// One request and its reply.
class Exchange {
public:
    Exchange() noexcept = default;
    Exchange(Exchange &&other) noexcept : raw_(std::exchange(other.raw_, {})) {}
    Exchange &operator=(Exchange &&other) noexcept {
        raw_ = std::exchange(other.raw_, {});
        return *this;
    }
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;
    ~Exchange() = default;

    /// The next bytes of the request, in `out`: `more` if there are others behind them.
    Result<ByteView> fill(Session &session, Bytes out) noexcept;
    /// `more` as long as the reply is not complete.
    Result<Fed> feed(Session &session, ByteView input) noexcept;
    Status close(Session &session) noexcept;

    Result<Login> login_result(const Session &session) const noexcept;
    Result<Answer> call_result(const Session &session) const noexcept;
    Result<Token> token_result(const Session &session) const noexcept;
    Result<Discovery> discovery_result(const Session &session) const noexcept;
    Result<OauthHealth> oauth_health_result(const Session &session) const noexcept;
    Result<Windows> windows_result(const Session &session) const noexcept;
    /// In the session's memory.
    Result<std::string_view> field(const Session &session, ReplyField field) const noexcept;
    [[nodiscard]] bool is_signed_in(const Session &session) const noexcept;
    [[nodiscard]] std::size_t request_len(const Session &session) const noexcept;

    /// For another HTTP client: the result is the part's length, with `buffer_too_small` the length that it takes.
    Result<std::size_t> request_part(Session &session, RequestPart part, Bytes out) noexcept;
    Status feed_field(Session &session, std::string_view name, std::string_view value) noexcept;
    Status end_head(Session &session, std::uint16_t http_status) noexcept;

    [[nodiscard]] State state() const noexcept { return static_cast<State>(creatio_exchange_state(&raw_)); }
    [[nodiscard]] std::uint16_t http_status() const noexcept { return creatio_exchange_http_status(&raw_); }
    [[nodiscard]] bool keeps_alive() const noexcept { return creatio_exchange_keeps_alive(&raw_); }
    [[nodiscard]] bool may_be_sent_again() const noexcept { return creatio_exchange_may_be_sent_again(&raw_); }
    [[nodiscard]] std::size_t memory_needed() const noexcept { return creatio_exchange_memory_needed(&raw_); }
    /// In the exchange; empty if it has not failed at a field.
    [[nodiscard]] std::string_view failed_field() const noexcept {
        const char *name = nullptr;
        std::size_t len = 0;
        detail::ignore(creatio_exchange_failed_field(&raw_, &name, &len));
        return {name, len};
    }
    [[nodiscard]] creatio_exchange *raw() noexcept { return &raw_; }
    [[nodiscard]] const creatio_exchange *raw() const noexcept { return &raw_; }

private:
    creatio_exchange raw_ = {};
};

/// What a site has given to authorise later requests. Wipes its memory when it ends, or another is moved to its place.
class Session {
public:
    Session() noexcept = default;
    /// In memory of yours; see the table at creatio_session_init. Where that fails, each later function says `not_set_up`.
    Session(const Site &site, Bytes memory) noexcept {
        detail::ignore(creatio_session_init(&raw_, site.raw(), memory.data(), memory.size()));
    }
    Session(Session &&other) noexcept : raw_(std::exchange(other.raw_, {})) {}
    Session &operator=(Session &&other) noexcept {
        if (this != &other) {
            clear();
            raw_ = std::exchange(other.raw_, {});
        }
        return *this;
    }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;
    ~Session() { creatio_session_clear(&raw_); }

    /// Takes the place of what the session was; after an error it is as it was.
    Status restore(ByteView snapshot) noexcept {
        return detail::status(creatio_session_restore(&raw_, snapshot.data(), snapshot.size()));
    }
    /// Changes when there is something to save.
    [[nodiscard]] std::uint32_t revision() const noexcept { return creatio_session_revision(&raw_); }
    /// The result is its length, with `buffer_too_small` the length that it takes.
    Result<std::size_t> snapshot(Bytes out) const noexcept {
        Result<std::size_t> len;
        len.status = detail::status(creatio_session_snapshot(&raw_, out.data(), out.size(), &*len));
        return len;
    }
    [[nodiscard]] std::size_t snapshot_len() const noexcept { return creatio_session_snapshot_len(&raw_); }

    Result<Exchange> login(const Credentials &credentials) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_login(&raw_, credentials.raw(), begun->raw()));
        return begun;
    }
    Result<Exchange> change_password(const Credentials &credentials, Lent new_password) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_change_password(
            &raw_, credentials.raw(), new_password.data(), new_password.size(), begun->raw()));
        return begun;
    }
    /// It goes to the identity service, not to the session's site.
    Result<Exchange> token(const Site &identity, const ClientCredentials &client) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_token(&raw_, identity.raw(), client.raw(), begun->raw()));
        return begun;
    }
    /// Likewise; `end` where the session has no refresh token.
    Result<Exchange> token_by_refresh(const Site &identity, const ClientCredentials &client) noexcept {
        Result<Exchange> begun;
        begun.status =
            detail::status(creatio_session_token_by_refresh(&raw_, identity.raw(), client.raw(), begun->raw()));
        return begun;
    }
    /// Likewise, by what a person has approved.
    Result<Exchange> token_by_code(const Site &identity, const ClientCredentials &client,
                                   const AuthorizationRequest &request, Lent code) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_token_by_code(
            &raw_, identity.raw(), client.raw(), request.raw(), code.data(), code.size(), begun->raw()));
        return begun;
    }
    /// Likewise; `end` where the session has no token.
    Result<Exchange> revoke(const Site &identity, const ClientCredentials &client) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_revoke(&raw_, identity.raw(), client.raw(), begun->raw()));
        return begun;
    }
    /// It goes to the session's site.
    Result<Exchange> oauth_health() noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_oauth_health(&raw_, begun->raw()));
        return begun;
    }
    /// To the identity service, for its endpoints.
    Result<Exchange> discover(const Site &identity, const ClientCredentials &client) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_discover(&raw_, identity.raw(), client.raw(), begun->raw()));
        return begun;
    }
    /// Over the connection of the exchange before, where it answers a challenge. The token has to stay, as texts do.
    Result<Exchange> windows_login(WindowsScheme scheme, ByteView token) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_windows_login(
            &raw_, static_cast<creatio_windows_scheme>(scheme), token.data(), token.size(), begun->raw()));
        return begun;
    }
    Result<Exchange> call(const Call &call) noexcept {
        Result<Exchange> begun;
        begun.status = detail::status(creatio_session_call(&raw_, call.raw(), begun->raw()));
        return begun;
    }
    Status use_basic(const Credentials &credentials) noexcept {
        return detail::status(creatio_session_use_basic(&raw_, credentials.raw()));
    }

    /// In seconds since 1970.
    Status set_time(std::uint64_t unix_seconds) noexcept {
        return detail::status(creatio_session_set_time(&raw_, unix_seconds));
    }
    Status set_head_limit(std::size_t bytes) noexcept {
        return detail::status(creatio_session_set_head_limit(&raw_, bytes));
    }
    Status set_body_limit(std::size_t bytes) noexcept {
        return detail::status(creatio_session_set_body_limit(&raw_, bytes));
    }
    Status set_user_agent(Lent agent) noexcept {
        return detail::status(creatio_session_set_user_agent(&raw_, agent.data(), agent.size()));
    }
    Status set_field_lines(Lent lines) noexcept {
        return detail::status(creatio_session_set_field_lines(&raw_, lines.data(), lines.size()));
    }

    void clear() noexcept { creatio_session_clear(&raw_); }
    /// After an answer that says that the session has ended, and before the login that renews it.
    Status end(const Exchange &exchange) noexcept {
        return detail::status(creatio_session_end(&raw_, exchange.raw()));
    }
    Status allow_sign_in() noexcept { return detail::status(creatio_session_allow_sign_in(&raw_)); }
    /// After how many seconds a program may sign in by itself; nothing if it may not.
    [[nodiscard]] std::optional<std::uint32_t> sign_in_delay() const noexcept {
        std::uint32_t seconds = 0;
        return detail::number(creatio_session_sign_in_delay(&raw_, &seconds), seconds);
    }
    /// The delay has passed, where the session is not told the time.
    Status end_sign_in_delay() noexcept { return detail::status(creatio_session_end_sign_in_delay(&raw_)); }
    /// What the sign-in has come to after which no other may go out by itself, as creatio_session_earlier_sign_in() has it;
    /// earlier_sign_in_text() has it in words.
    [[nodiscard]] std::int32_t earlier_sign_in() const noexcept { return creatio_session_earlier_sign_in(&raw_); }
    [[nodiscard]] bool sign_in_drops_cookies() const noexcept { return creatio_session_sign_in_drops_cookies(&raw_); }
    [[nodiscard]] bool has_ticket() const noexcept { return creatio_session_has_ticket(&raw_); }
    [[nodiscard]] bool has_csrf_token() const noexcept { return creatio_session_has_csrf_token(&raw_); }
    [[nodiscard]] bool has_authorization() const noexcept { return creatio_session_has_authorization(&raw_); }
    [[nodiscard]] RefreshToken refresh_token() const noexcept {
        return static_cast<RefreshToken>(creatio_session_refresh_token(&raw_));
    }
    [[nodiscard]] bool needs_token(std::uint32_t margin) const noexcept {
        return creatio_session_needs_token(&raw_, margin);
    }
    [[nodiscard]] std::uint64_t token_expires_at() const noexcept { return creatio_session_token_expires_at(&raw_); }
    /// `end` if there are no more.
    Result<Cookie> cookie(std::size_t index) const noexcept {
        creatio_cookie raw = {};
        const auto status = detail::status(creatio_session_cookie(&raw_, index, &raw));
        return {status, Cookie(raw)};
    }
    /// The result is their length, with `buffer_too_small` the length that they take.
    Result<std::size_t> authorization_lines(const Call &call, Bytes out) const noexcept {
        Result<std::size_t> len;
        len.status = detail::status(
            creatio_session_authorization_lines(&raw_, call.raw(), detail::text(out), out.size(), &*len));
        return len;
    }
    [[nodiscard]] creatio_session *raw() noexcept { return &raw_; }
    [[nodiscard]] const creatio_session *raw() const noexcept { return &raw_; }

private:
    creatio_session raw_ = {};
};

inline Result<ByteView> Exchange::fill(Session &session, Bytes out) noexcept {
    std::size_t len = 0;
    const auto status = detail::status(creatio_exchange_fill(&raw_, session.raw(), out.data(), out.size(), &len));
    return {status, {out.data(), len}};
}
inline Result<Fed> Exchange::feed(Session &session, ByteView input) noexcept {
    creatio_fed fed = {};
    const auto status = detail::status(creatio_exchange_feed(&raw_, session.raw(), input.data(), input.size(), &fed));
    return {status, {fed.consumed, {fed.body, fed.body_len}}};
}
inline Status Exchange::close(Session &session) noexcept {
    return detail::status(creatio_exchange_close(&raw_, session.raw()));
}
inline Result<Login> Exchange::login_result(const Session &session) const noexcept {
    creatio_login login = {};
    const auto status = detail::status(creatio_exchange_login_result(&raw_, session.raw(), &login));
    return {status, status == Status::ok ? Login(login) : Login()};
}
inline Result<Answer> Exchange::call_result(const Session &session) const noexcept {
    creatio_answer answer = {};
    const auto status = detail::status(creatio_exchange_call_result(&raw_, session.raw(), &answer));
    return {status, status == Status::ok ? Answer(answer) : Answer()};
}
inline Result<Token> Exchange::token_result(const Session &session) const noexcept {
    creatio_token token = {};
    const auto status = detail::status(creatio_exchange_token_result(&raw_, session.raw(), &token));
    return {status, status == Status::ok ? Token(token) : Token()};
}
inline Result<Discovery> Exchange::discovery_result(const Session &session) const noexcept {
    creatio_discovery found = {};
    const auto status = detail::status(creatio_exchange_discovery_result(&raw_, session.raw(), &found));
    return {status, status == Status::ok ? Discovery(found) : Discovery()};
}
inline Result<OauthHealth> Exchange::oauth_health_result(const Session &session) const noexcept {
    creatio_oauth_health health = {};
    const auto status = detail::status(creatio_exchange_oauth_health_result(&raw_, session.raw(), &health));
    return {status, status == Status::ok ? OauthHealth(health) : OauthHealth()};
}
inline Result<Windows> Exchange::windows_result(const Session &session) const noexcept {
    creatio_windows windows = {};
    const auto status = detail::status(creatio_exchange_windows_result(&raw_, session.raw(), &windows));
    return {status, status == Status::ok ? Windows(windows) : Windows()};
}
inline Result<std::string_view> Exchange::field(const Session &session, ReplyField field) const noexcept {
    const char *value = nullptr;
    std::size_t len = 0;
    const auto status = detail::status(creatio_exchange_field(
        &raw_, session.raw(), static_cast<creatio_reply_field>(field), &value, &len));
    return {status, {value, len}};
}
inline bool Exchange::is_signed_in(const Session &session) const noexcept {
    return creatio_exchange_is_signed_in(&raw_, session.raw());
}
inline std::size_t Exchange::request_len(const Session &session) const noexcept {
    return creatio_exchange_request_len(&raw_, session.raw());
}
inline Result<std::size_t> Exchange::request_part(Session &session, RequestPart part, Bytes out) noexcept {
    Result<std::size_t> len;
    len.status = detail::status(creatio_exchange_request_part(
        &raw_, session.raw(), static_cast<creatio_request_part>(part), out.data(), out.size(), &*len));
    return len;
}
inline Status Exchange::feed_field(Session &session, std::string_view name, std::string_view value) noexcept {
    return detail::status(creatio_exchange_feed_field(&raw_, session.raw(), name.data(), name.size(), value.data(),
                                                      value.size()));
}
inline Status Exchange::end_head(Session &session, std::uint16_t http_status) noexcept {
    return detail::status(creatio_exchange_end_head(&raw_, session.raw(), http_status));
}

/// Finds out the runtime of a site by its health checks.
class RuntimeProbe {
public:
    RuntimeProbe() noexcept { detail::ignore(creatio_runtime_probe_init(&raw_)); }
    RuntimeProbe(RuntimeProbe &&other) noexcept : raw_(std::exchange(other.raw_, {})) {}
    RuntimeProbe &operator=(RuntimeProbe &&other) noexcept {
        raw_ = std::exchange(other.raw_, {});
        return *this;
    }
    RuntimeProbe(const RuntimeProbe &) = delete;
    RuntimeProbe &operator=(const RuntimeProbe &) = delete;
    ~RuntimeProbe() = default;

    [[nodiscard]] Call call() const noexcept { return Call(creatio_runtime_probe_call(&raw_)); }
    [[nodiscard]] ProbeStep after_answer(const Exchange &exchange, const Session &session) noexcept {
        return static_cast<ProbeStep>(creatio_runtime_probe_after_answer(&raw_, exchange.raw(), session.raw()));
    }

private:
    creatio_runtime_probe raw_ = {};
};

/// Decides what comes after each answer to one call.
class Renewal {
public:
    Renewal(const Call &call, bool body_is_repeatable) noexcept {
        detail::ignore(creatio_renewal_init(&raw_, call.raw(), body_is_repeatable));
    }
    Renewal(Renewal &&other) noexcept : raw_(std::exchange(other.raw_, {})) {}
    Renewal &operator=(Renewal &&other) noexcept {
        raw_ = std::exchange(other.raw_, {});
        return *this;
    }
    Renewal(const Renewal &) = delete;
    Renewal &operator=(const Renewal &) = delete;
    ~Renewal() = default;

    [[nodiscard]] RenewalStep after_answer(const Exchange &exchange, Session &session) noexcept {
        return static_cast<RenewalStep>(creatio_renewal_after_answer(&raw_, exchange.raw(), session.raw()));
    }
    [[nodiscard]] RenewalStep after_sign_in(const Exchange &exchange, Session &session) noexcept {
        return static_cast<RenewalStep>(creatio_renewal_after_sign_in(&raw_, exchange.raw(), session.raw()));
    }

    [[nodiscard]] RenewalStep after_cut() noexcept { return static_cast<RenewalStep>(creatio_renewal_after_cut(&raw_)); }
    [[nodiscard]] bool may_be_done_before() const noexcept { return creatio_renewal_may_be_done_before(&raw_); }

private:
    creatio_renewal raw_ = {};
};

/// Writes the body of a batch, a part at a time.
class BatchWriter {
public:
    BatchWriter() noexcept { detail::ignore(creatio_batch_writer_init(&raw_)); }

    /// The next bytes of the part, in `out`: `more` if there are others behind them.
    Result<ByteView> fill(const BatchPart &part, Bytes out) noexcept { return fill(part.raw(), out); }
    /// The end of the batch, likewise.
    Result<ByteView> fill_end(Bytes out) noexcept { return fill(nullptr, out); }
    /// How long the part is, which is passed over.
    Result<std::size_t> skip(const BatchPart &part) noexcept { return skip(part.raw()); }
    Result<std::size_t> skip_end() noexcept { return skip(nullptr); }

private:
    Result<ByteView> fill(const creatio_batch_part *part, Bytes out) noexcept {
        std::size_t len = 0;
        const auto status = detail::status(creatio_batch_writer_fill(&raw_, part, out.data(), out.size(), &len));
        return {status, {out.data(), len}};
    }
    Result<std::size_t> skip(const creatio_batch_part *part) noexcept {
        std::size_t len = 0;
        const auto status = detail::status(creatio_batch_writer_skip(&raw_, part, &len));
        return {status, len};
    }

    creatio_batch_writer raw_ = {};
};

/// Reads the body of the answer to a batch. The memory is lent.
class BatchReader {
public:
    BatchReader(std::size_t parts, Bytes memory) noexcept {
        detail::ignore(creatio_batch_reader_init(&raw_, parts, memory.data(), memory.size()));
    }
    BatchReader(BatchReader &&other) noexcept : raw_(std::exchange(other.raw_, {})) {}
    BatchReader &operator=(BatchReader &&other) noexcept {
        raw_ = std::exchange(other.raw_, {});
        return *this;
    }
    BatchReader(const BatchReader &) = delete;
    BatchReader &operator=(const BatchReader &) = delete;
    ~BatchReader() = default;

    /// Up to the end of an answer (`ok`), or all of the piece (`more`).
    Result<BatchFed> feed(ByteView piece) noexcept {
        creatio_batch_answer answer = {};
        std::size_t consumed = 0;
        const auto status =
            detail::status(creatio_batch_reader_feed(&raw_, piece.data(), piece.size(), &consumed, &answer));
        BatchFed fed;
        fed.consumed = consumed;
        if (status == Status::ok) {
            fed.answer = BatchAnswer(answer);
        }
        return {status, fed};
    }
    [[nodiscard]] BatchOutcome outcome(std::size_t part) const noexcept {
        return static_cast<BatchOutcome>(creatio_batch_reader_outcome(&raw_, part));
    }

private:
    creatio_batch_reader raw_ = {};
};

} // namespace creatio

#include "creatio_auth_perform.hpp"

#endif
