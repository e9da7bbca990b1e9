/// The C++ header: what it adds to the contexts in C, which tests/c looks at.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#if __cplusplus >= 202002L
#include <span>
#endif

#include "../c/check.h"
#include "creatio_auth.hpp"
#include "script.hpp"

using creatio::Bytes;
using creatio::ByteView;
using creatio::Call;
using creatio::Credentials;
using creatio::Session;
using creatio::Site;
using creatio::Status;

namespace {

using Memory = std::array<std::uint8_t, 2048>;
constexpr std::string_view url = "https://example.creatio.com";

// What is bytes, and what may be written to.
template <class To, class From> constexpr bool takes = std::is_constructible_v<To, From>;
static_assert(takes<Bytes, std::array<unsigned char, 4> &> && takes<ByteView, const std::array<std::byte, 4> &>);
static_assert(takes<Bytes, std::vector<char> &> && takes<Bytes, std::uint8_t (&)[4]>); // NOLINT(modernize-avoid-c-arrays)
static_assert(takes<ByteView, std::string_view> && takes<ByteView, Bytes> && takes<ByteView, const std::string &>);
static_assert(!takes<Bytes, const std::array<unsigned char, 4> &> && !takes<Bytes, ByteView>);
static_assert(!takes<Bytes, std::vector<char>>, "a temporary");
static_assert(!takes<ByteView, std::vector<int> &> && !takes<ByteView, int>);
static_assert(!takes<ByteView, const char (&)[4]>, "a literal has a NUL"); // NOLINT(modernize-avoid-c-arrays)
#if __cplusplus >= 202002L
static_assert(takes<Bytes, std::span<std::byte>> && takes<ByteView, std::span<const char>>);
static_assert(takes<std::span<std::uint8_t>, Bytes &> && takes<std::span<const std::uint8_t>, ByteView>);
static_assert(!takes<Bytes, std::span<const std::uint8_t>>);
#endif

// The classes are the contexts, and are moved.
static_assert(sizeof(Session) == sizeof(creatio_session) && sizeof(Site) == sizeof(creatio_site));
static_assert(sizeof(creatio::Exchange) == sizeof(creatio_exchange));
template <class Context>
constexpr bool is_moved_only = std::is_nothrow_move_constructible_v<Context> && std::is_nothrow_move_assignable_v<Context> &&
                               !std::is_copy_constructible_v<Context> && !std::is_copy_assignable_v<Context>;
static_assert(is_moved_only<Session> && is_moved_only<creatio::Exchange> && is_moved_only<creatio::Renewal>);
static_assert(is_moved_only<creatio::RuntimeProbe>);

bool is_zero(ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// Signs in, in pieces of this size.
void sign_in(Session &session, std::size_t piece = 4096) {
    std::array<std::uint8_t, 64> buffer{};
    Script peer(good_login, piece);
    auto login = session.login(Credentials("Ann", "secret"));
    CHECK(login && creatio::perform(*login, session, peer, buffer) == Status::ok);
    CHECK(session.has_ticket() && login->is_signed_in(session) && !peer.is_closed);
    CHECK(peer.sent.find(R"("UserPassword":"secret")") != std::string::npos);
    CHECK(is_zero(buffer));
    const auto said = login->login_result(session);
    CHECK(said && said->verdict == creatio::LoginVerdict::authenticated && said->code == 0);
    CHECK(!said->retry_after && said->message.empty());
}

void logins_and_calls_in_pieces_of_every_size() {
    for (std::size_t piece = 1; piece <= good_login.size(); piece++) {
        check_topic("pieces of %zu", piece);
        Memory memory{};
        Session session(*Site::parse(url, creatio::Runtime::net), memory);
        sign_in(session, piece);

        std::string body;
        Script peer(records, piece);
        std::array<std::uint8_t, 64> buffer{};
        auto call = session.call(Call::get("/odata/Contact").with_wanted_field("X-Page"));
        const auto keep = [&body](ByteView part) { body.append(part.begin(), part.end()); };
        CHECK(call && creatio::perform(*call, session, peer, buffer, keep) == Status::ok);
        CHECK(body == R"({"a":1})" && call->call_result(session)->verdict == creatio::CallVerdict::fine);
        CHECK(*call->field(session, creatio::ReplyField::wanted_field) == "7");
        CHECK(call->field(session, creatio::ReplyField::location).status == Status::end);
        CHECK(call->login_result(session).status == Status::not_a_login);
    }
}

void what_goes_wrong() {
    check_topic("what goes wrong");
    Memory memory{};
    std::array<std::uint8_t, 64> buffer{};
    Session session(*Site::parse(url, creatio::Runtime::net), memory);
    const auto perform = [&](Script &peer) {
        auto login = session.login(Credentials("Ann", "secret"));
        const Status status = creatio::perform(*login, session, peer, buffer);
        CHECK(is_zero(buffer) && peer.is_closed && !session.has_ticket());
        return status;
    };
    for (std::size_t cut = 0; cut < good_login.size(); cut++) {
        Script closed(good_login.substr(0, cut)), broken(good_login.substr(0, cut));
        broken.fails_at_end = true;
        CHECK(perform(closed) == Status::closed_early && perform(broken) == Status::closed_early);
    }
    for (std::size_t takes : {0U, 1U, 63U, 64U, 200U}) {
        Script closed(""), broken("");
        closed.takes = broken.takes = takes;
        broken.fails_at_end = true;
        CHECK(perform(closed) == Status::closed_early && perform(broken) == Status::closed_early);
    }
    // Nobody has said yes yet.
    const auto begun = session.login(Credentials("Ann", "secret"));
    CHECK(begun->login_result(session).status == Status::out_of_turn);
    CHECK(begun->login_result(session)->verdict == creatio::LoginVerdict::unexpected_status);
    CHECK(begun->call_result(session)->verdict == creatio::CallVerdict::unexpected_status);
    CHECK(begun->token_result(session)->verdict == creatio::TokenVerdict::unexpected_status);
    Script malformed("nonsense\r\n");
    CHECK(perform(malformed) == Status::http_status_line);

    // What nothing asked for must not pass for the next reply.
    for (std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
        const std::string more = std::string(good_login) + "HTTP/1.1 200 OK\r\n";
        Script talkative(more, piece);
        auto login = session.login(Credentials("Ann", "secret"));
        CHECK(creatio::perform(*login, session, talkative, buffer) == Status::ok);
        CHECK(talkative.is_closed == (piece > 1)); // or it is still to come
    }
    Script no(bad_login);
    auto login = session.login(Credentials("Ann", "wrong"));
    CHECK(creatio::perform(*login, session, no, buffer) == Status::ok);
    CHECK(login->login_result(session)->message == "Nein" && !session.sign_in_delay());
}

void bodies_that_follow() {
    check_topic("bodies that follow");
    Memory memory{};
    std::array<std::uint8_t, 64> buffer{};
    Session session(*Site::parse(url, creatio::Runtime::net), memory);
    const Call put = Call::put("/odata/SysImage(1)/Data").with_body_of_length("text/plain", 3);
    for (const bool can : {true, false}) {
        Script peer(records);
        auto call = session.call(put);
        const auto send = [&] {
            if (!can) {
                peer.close(); // the body cannot be had
            }
            return can && peer.send(std::string_view("abc"));
        };
        const Status status = creatio::perform(*call, session, peer, buffer, [](ByteView) {}, send);
        CHECK(status == (can ? Status::ok : Status::closed_early) && peer.is_closed == !can);
        CHECK(!can || peer.sent.substr(peer.sent.size() - 7) == "\r\n\r\nabc");
    }
}

/// Head or body: the peer has answered before it had taken all, and takes no more.
void replies_to_what_was_not_sent() {
    check_topic("replies to what was not sent");
    Memory memory{};
    std::array<std::uint8_t, 64> buffer{};
    Session session(*Site::parse(url, creatio::Runtime::net), memory);
    constexpr std::string_view body = "0123456789";
    const Call put = Call::put("/odata/SysImage(1)/Data").with_body_of_length("text/plain", body.size());
    const auto send_to = [&](Script &peer) {
        auto call = session.call(put);
        const auto send = [&] {
            return std::all_of(body.begin(), body.end(), [&](char one) { return peer.send(std::string_view(&one, 1)); });
        };
        const Status status = creatio::perform(*call, session, peer, buffer, [](ByteView) {}, send);
        CHECK(is_zero(buffer));
        return std::make_pair(status, status == Status::ok ? call->http_status() : std::uint16_t{});
    };
    constexpr std::string_view refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nNo";
    Script all(refusal);
    CHECK(send_to(all) == std::make_pair(Status::ok, std::uint16_t{413}) && !all.is_closed);
    for (std::size_t takes = 0; takes < all.sent.size(); takes++) {
        for (const std::size_t piece : {std::size_t{1}, refusal.size()}) {
            Script peer(refusal, piece), cut(refusal.substr(0, refusal.size() - 1), piece);
            peer.takes = cut.takes = takes;
            CHECK(send_to(peer) == std::make_pair(Status::ok, std::uint16_t{413}) && peer.is_closed);
            CHECK(send_to(cut).first == Status::closed_early && cut.is_closed);
        }
    }
}

void contexts_that_move() {
    check_topic("contexts that move");
    Memory memory{}, other_memory{};
    const Site site = *Site::parse(url, creatio::Runtime::net_framework);
    {
        Session first(site, memory);
        sign_in(first);
        Session second(std::move(first));
        CHECK(second.has_ticket() && !first.has_ticket()); // NOLINT(bugprone-use-after-move)
        CHECK(first.login(Credentials("a", "b")).status == Status::not_set_up);
        Session third(site, other_memory);
        sign_in(third);
        CHECK(!is_zero(other_memory));
        third = std::move(second);
        CHECK(third.has_ticket() && is_zero(other_memory));
        auto call = third.call(Call::ping());
        creatio::Exchange exchange;
        CHECK(exchange.state() == creatio::State::not_set_up);
        exchange = std::move(*call);
        CHECK(exchange.state() == creatio::State::ready && call->state() == creatio::State::not_set_up);
        std::array<std::uint8_t, 64> buffer{};
        Script peer(ended);
        CHECK(creatio::perform(exchange, third, peer, buffer) == Status::ok);
        creatio::Renewal renewal(Call::ping(), false);
        CHECK(renewal.after_answer(exchange, third) == creatio::RenewalStep::sign_in);
        CHECK(renewal.after_cut() == creatio::RenewalStep::repeat_later && renewal.may_be_done_before());
        creatio::Renewal create(Call::post("/odata/Contact").with_json("{}"), false);
        CHECK(create.after_cut() == creatio::RenewalStep::report && !create.may_be_done_before());
        create = creatio::Renewal(Call::post("/odata/Contact").with_json("{}").with_repeatable(), false);
        CHECK(create.after_cut() == creatio::RenewalStep::repeat_later && create.may_be_done_before());
        CHECK(third.end(exchange) == Status::ok && !third.has_ticket());
        sign_in(third);
        CHECK(!is_zero(memory));
    }
    CHECK(is_zero(memory)); // the session has ended
    CHECK(creatio::again(Status::closed_early) == creatio::Again::if_repeatable);
    CHECK(creatio::again(creatio::CallVerdict::ended_redirect) == creatio::Again::yes);
    CHECK(creatio::again(creatio::LoginVerdict::rejected) == creatio::Again::no);
    CHECK(creatio::again(creatio::TokenVerdict::busy) == creatio::Again::yes);
    CHECK(creatio::retry_delay(1, 1000, 60000, 1U << 31U, 30) == 30500 && creatio::retry_delay(1, 7, 60000, 0) == 7);
    Session none;
    CHECK(none.set_time(0) == Status::not_set_up);
    CHECK(Session(Site(), memory).login(Credentials("a", "b")).status == Status::not_set_up);
}

void batches() {
    check_topic("batches");
    const std::array<creatio::BatchPart, 2> parts = {
        creatio::BatchPart(creatio::Method::post, "Contact").with_json("{}").with_group("g"),
        creatio::BatchPart(creatio::Method::get, "C").with_depends_on(R"(["g"])").with_field_lines("prefer: x\r\n"),
    };
    creatio::BatchWriter writer, measure;
    std::string body;
    std::size_t length = 0;
    std::array<std::uint8_t, 7> buffer{};
    const auto take = [&](auto fill) {
        auto piece = fill();
        for (; piece.status == Status::more; piece = fill()) {
            body.append(piece->begin(), piece->end());
        }
        body.append(piece->begin(), piece->end());
    };
    for (const auto &part : parts) {
        take([&] { return writer.fill(part, buffer); });
        length += *measure.skip(part);
    }
    take([&] { return writer.fill_end(buffer); });
    length += *measure.skip_end();
    CHECK(body.size() == length && body.find(R"("atomicityGroup":"g")") != std::string::npos);
    CHECK(body.find(R"({"id":"p1","method":"GET","url":"C","dependsOn":["g"],"headers":{"prefer":"x"}}]})") != std::string::npos);

    constexpr std::string_view answers =
        R"({"responses":[{"id":"p0","status":201},{"id":"p1","status":404,"body":{"error":{"code":"","message":"No."}}}]})";
    std::array<std::uint8_t, 64> memory{};
    creatio::BatchReader reader(3, memory);
    std::size_t count = 0;
    for (std::string_view rest = answers; !rest.empty();) {
        const auto fed = reader.feed(ByteView(rest));
        CHECK(fed.status == Status::ok || (fed.status == Status::more && fed->consumed == rest.size()));
        if (fed->answer) {
            CHECK(fed->answer->part == count && fed->answer->is_fine == (count == 0));
            CHECK(fed->answer->http_status == (count == 0 ? 201 : 404));
            CHECK(fed->answer->message == (count == 0 ? "" : "No."));
            count++;
        }
        rest.remove_prefix(fed->consumed);
    }
    CHECK(count == 2 && reader.outcome(1) == creatio::BatchOutcome::answered);
    CHECK(reader.outcome(2) == creatio::BatchOutcome::not_done);
    CHECK(creatio::BatchReader(1, memory).outcome(0) == creatio::BatchOutcome::unknown);
}

void snapshots_and_lengths() {
    check_topic("snapshots and lengths");
    Memory memory{}, other_memory{};
    const Site site = *Site::parse(url, creatio::Runtime::net);
    Session session(site, memory);
    sign_in(session);
    std::vector<std::uint8_t> snapshot(session.snapshot_len());
    CHECK(session.snapshot({snapshot.data(), snapshot.size() - 1}).status == Status::buffer_too_small);
    CHECK(*session.snapshot({snapshot.data(), snapshot.size() - 1}) == snapshot.size());
    CHECK(*session.snapshot(snapshot) == snapshot.size());
    CHECK(Session().restore(snapshot) == Status::not_set_up);
    Session again(site, other_memory);
    CHECK(again.revision() != session.revision());
    CHECK(again.restore(snapshot) == Status::ok && again.has_ticket());
    // In the place of what it was.
    CHECK(again.restore(snapshot) == Status::ok && again.has_ticket() && again.has_csrf_token());
    CHECK(again.revision() == session.revision());
    snapshot.back() ^= 1U;
    CHECK(again.restore(snapshot) == Status::snapshot_altered && again.has_ticket());
    CHECK(session.cookie(0)->name == ".ASPXAUTH" && session.cookie(0)->http_only);
    CHECK(session.cookie(2).status == Status::end && !session.cookie(2));

    std::array<char, 32> text{};
    CHECK(*creatio::encode_query("a b", text) == 5 && std::string_view(text.data(), 5) == "a%20b");
    CHECK(*creatio::encode_json("\"", Bytes()) == 2 && !creatio::encode_json("\"", Bytes()));
    CHECK(site.host() == "example.creatio.com" && site.port() == 443 && site.is_https());
    CHECK(*site.path_of("https://example.creatio.com/odata/A") == "/odata/A" && Site().host().empty());
    CHECK(*site.identity_hint(text) == 30 && Site::parse("ftp://x", creatio::Runtime::net).status == Status::url_scheme);
}

void grants() {
    check_topic("grants");
    Memory memory{};
    std::array<std::uint8_t, 64> buffer{};
    Session session(*Site::parse(url, creatio::Runtime::net), memory);
    const auto identity = *Site::parse("https://example-is.creatio.com", creatio::Runtime::net);
    const creatio::ClientCredentials client("3D2C");
    // NOLINTNEXTLINE(modernize-avoid-c-arrays): of C's length
    static const std::array<std::uint8_t, CREATIO_RANDOM_LEN> random = {1};
    static const std::array<std::uint8_t, CREATIO_CHALLENGE_LEN> challenge = {2};
    const auto request =
        creatio::AuthorizationRequest("3D2C", "http://127.0.0.1/", random).with_scope("offline_access").with_path("/a");
    std::array<char, 512> out{};
    CHECK(*request.verifier(out) == CREATIO_VERIFIER_LEN);
    auto len = creatio::authorization_url(request, identity, challenge, out);
    CHECK(len && std::string_view(out.data(), *len).rfind("https://example-is.creatio.com/a?client_id=3D2C&", 0) == 0);
    CHECK(creatio::authorization_url(request.below_prefix(), identity, challenge, {}).status == Status::buffer_too_small);
    const auto at = std::string_view(out.data(), *len).find("state=");
    std::string uri = "/?code=c&" + std::string(out.data() + at, 28);
    auto response = creatio::read_response(request, uri);
    CHECK(response && response->verdict == creatio::AuthorizationVerdict::approved);
    CHECK(static_cast<std::string_view>(response->code) == "c");

    CHECK(session.refresh_token() == creatio::RefreshToken::none);
    CHECK(session.token_by_refresh(identity, client.below_prefix()).status == Status::end);
    CHECK(session.revoke(identity, client).status == Status::end);
    const std::string document = R"({"access_token":"a","token_type":"Bearer","refresh_token":"r"})";
    const std::string pair = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(document.size()) + "\r\n\r\n" + document;
    Script first(pair), second(pair), endpoints("HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n"),
        revoked("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    auto by_code = session.token_by_code(identity, client, request, "c");
    CHECK(by_code && creatio::perform(*by_code, session, first, buffer) == Status::ok);
    CHECK(session.refresh_token() == creatio::RefreshToken::kept);
    auto by_refresh = session.token_by_refresh(identity, client);
    CHECK(by_refresh && creatio::perform(*by_refresh, session, second, buffer) == Status::ok);
    CHECK(by_refresh->token_result(session)->granted);
    auto discovery = session.discover(identity, client);
    CHECK(discovery && creatio::perform(*discovery, session, endpoints, buffer) == Status::ok);
    CHECK(discovery->discovery_result(session)->verdict == creatio::TokenVerdict::not_found);
    Script healthless("HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n");
    auto health = session.oauth_health();
    CHECK(health && creatio::perform(*health, session, healthless, buffer) == Status::ok);
    CHECK(health->oauth_health_result(session)->verdict == creatio::OauthHealthVerdict::unknown);
    auto revocation = session.revoke(identity, client);
    CHECK(revocation && creatio::perform(*revocation, session, revoked, buffer) == Status::ok);
    CHECK(revocation->token_result(session)->verdict == creatio::TokenVerdict::revoked && !session.has_authorization());
#ifndef CREATIO_NO_TEXTS
    CHECK(std::string_view(creatio::name(creatio::AuthorizationVerdict::approved)) == "CREATIO_AUTHORIZATION_APPROVED");
    CHECK(std::string_view(creatio::text(creatio::AuthorizationVerdict::approved)) == "approved");
    CHECK(std::string_view(creatio::name(creatio::OauthHealthVerdict::unknown)) == "CREATIO_OAUTH_HEALTH_UNKNOWN");
    CHECK(std::string_view(creatio::text(creatio::OauthHealthVerdict::healthy)).size() > 10);
#endif
}

#ifndef CREATIO_NO_TEXTS
void windows() {
    check_topic("Windows authentication");
    Memory memory{};
    std::array<std::uint8_t, 64> buffer{};
    Session session(*Site::parse(url, creatio::Runtime::net), memory);
    Script asks("HTTP/1.1 401 U\r\nWWW-Authenticate: NTLM TlRM\r\nContent-Length: 0\r\n\r\n");
    const std::array<std::uint8_t, 3> token = {1, 2, 3};
    auto exchange = session.windows_login(creatio::WindowsScheme::ntlm, token);
    CHECK(!exchange->windows_result(session));
    CHECK(exchange && creatio::perform(*exchange, session, asks, buffer) == Status::ok);
    const auto asked = exchange->windows_result(session);
    CHECK(asked->verdict == creatio::WindowsVerdict::challenge_received && !asked->login && !asked->authenticated);
    CHECK(asked->offers_ntlm && !asked->offers_negotiate && !asked->offers_basic && asked->http_status == 401);
    CHECK(asked->challenge.size() == 3 && *asked->challenge.data() == 'N' && asked->message.empty());
    Script says("HTTP/1.1 503 B\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n");
    auto next = session.windows_login(creatio::WindowsScheme::negotiate, token);
    CHECK(next && creatio::perform(*next, session, says, buffer) == Status::ok);
    const auto told = next->windows_result(session);
    CHECK(told->verdict == creatio::WindowsVerdict::login && told->login == creatio::LoginVerdict::busy);
    CHECK(told->retry_after == 9U && told->challenge.empty());
    const auto user = creatio::NtlmCredentials("CORP", "ann", "hunter2").with_workstation("WS");
    CHECK(user.raw()->user_name_len == 3 && user.raw()->workstation_len == 2);
#ifdef CREATIO_NTLM
    const std::array<std::uint8_t, CREATIO_NTLM_RANDOM_LEN> random = {7};
    CHECK(user.token({}, random, buffer).status == Status::ok && buffer[0] == 'N');
    CHECK(user.token({}, random, Bytes()).status == Status::buffer_too_small && *user.token({}, random, Bytes()) == 40);
    CHECK(user.token(token, random, buffer).status == Status::ntlm_malformed);
#endif
#ifndef CREATIO_NO_TEXTS
    CHECK(std::string_view(creatio::name(creatio::WindowsVerdict::refused)) == "CREATIO_WINDOWS_REFUSED");
    CHECK(std::string_view(creatio::text(creatio::WindowsVerdict::refused)).size() > 10);
#endif
}

void names() {
    check_topic("names");
    CHECK(std::string_view(name(Status::closed_early)).find("CLOSED_EARLY") != std::string_view::npos);
    CHECK(std::string_view(name(creatio::CallVerdict::busy)).find("BUSY") != std::string_view::npos);
    CHECK(std::string_view(text(creatio::LoginVerdict::authenticated)) == "signed in");
    CHECK(std::string_view(creatio::earlier_sign_in_name(CREATIO_EARLIER_LOST)) == "CREATIO_EARLIER_LOST");
    CHECK(std::string_view(creatio::earlier_sign_in_text(CREATIO_EARLIER_LOST)).find("nobody knows") != std::string_view::npos);
    CHECK(is_error(Status::closed_early) && !is_error(Status::end));
}
#endif

} // namespace

int main() {
    logins_and_calls_in_pieces_of_every_size();
    what_goes_wrong();
    bodies_that_follow();
    replies_to_what_was_not_sent();
    contexts_that_move();
    batches();
    snapshots_and_lengths();
    grants();
    windows();
#ifndef CREATIO_NO_TEXTS
    names();
#endif
    return check_summary();
}
