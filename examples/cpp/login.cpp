/// login: signs in to a Creatio site and makes one authorised GET.
///
///     CREATIO_PASSWORD=... ./login URL USER net|net-framework
///
/// Exit code: 0 signed in and the GET has brought 200, 1 the site said otherwise, 2 an error.
#include <array>
#include <cstdint>
#include <cstdio>

#include "app.hpp"
#include "creatio_auth.hpp"
#include "socket.hpp"

extern const char program[] = "login"; // NOLINT(modernize-avoid-c-arrays): of the transport in C

namespace {

Outcome run(const Arguments &given) {
    const auto site = creatio::Site::parse(given.url, given.runtime);
    if (!site) {
        return fail(site.status);
    }
    std::array<std::uint8_t, 4096> memory; // see the table at creatio_session_init
    std::array<std::uint8_t, 2048> buffer;
    creatio::Session session(*site, memory);
    Socket socket;

    auto login = session.login({given.user, {given.password.data(), given.password.size()}});
    if (!login || !socket.open(*site)) {
        return login ? failed : fail(login.status);
    }
    if (const auto status = creatio::perform(*login, session, socket, buffer); status != creatio::Status::ok) {
        return fail(status);
    }
    const auto said = login->login_result(session);
    std::printf("verdict: %s (%s)\nmessage: ", creatio::name(said->verdict), creatio::text(said->verdict));
    print(said->message);
    std::printf("\nstatus: %d\n", said->http_status);
    if (!said->authenticated) {
        return refused;
    }

    auto get = session.call(creatio::Call::get("/odata/Contact?$top=3"));
    if (!get || !socket.open(*site)) {
        return get ? failed : fail(get.status);
    }
    if (const auto status = creatio::perform(*get, session, socket, buffer, print<creatio::ByteView>);
        status != creatio::Status::ok) {
        return fail(status);
    }
    const auto answer = get->call_result(session);
    std::printf("\nstatus: %d (%s)\n", answer->http_status, creatio::text(answer->verdict));
    return answer->verdict == creatio::CallVerdict::fine ? good : refused;
}

} // namespace

int main(int count, char **words) {
    const auto given = arguments(count, words);
    const Outcome outcome = given ? run(*given) : failed;
    if (given) {
        creatio::wipe(given->password);
    }
    return outcome;
}
