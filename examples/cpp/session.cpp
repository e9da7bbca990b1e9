/// session: signs in to a Creatio site, and reads, creates, changes, uploads and deletes. Where the session ends in the
/// middle, it signs in once more and goes on.
///
///     CREATIO_PASSWORD=... ./session URL USER net|net-framework
///
/// CREATIO_SNAPSHOT may name a file for the session, which outlives a run that is broken off. It is as secret as the
/// password, and the log-out at the end removes it.
///
/// Exit code: 0 all has been done, 1 the site said otherwise, 2 an error.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

#include "app.hpp"
#include "creatio_auth.hpp"
#include "socket.hpp"

extern const char program[] = "session"; // NOLINT(modernize-avoid-c-arrays): of the transport in C

namespace {

constexpr std::size_t image_size = 5000000;
constexpr std::size_t memory_size = 4096;
constexpr std::size_t snapshot_size = memory_size + 24; // the longest
constexpr unsigned longest_wait = 60; // for a busy site, in seconds

class App {
public:
    App(const Arguments &given, const creatio::Site &site) : given_(given), site_(site), session_(site, memory_) {}

    bool run() {
        return (restore() || sign_in()) && show("read      ", creatio::Call::get("/odata/Contact?$top=3")) && create() &&
               show("changed   ", creatio::Call::patch(contact_).with_json(R"({"Name":"Zoë Åström 🚀"})")) &&
               show("read      ", creatio::Call::get(contact_)) && upload() && batch() &&
               show("deleted   ", creatio::Call::delete_(contact_)) && log_out();
    }
    [[nodiscard]] bool was_refused() const { return was_refused_; }

private:
    /// Over a new connection: one that turns out to be closed would leave it open whether the login counts.
    bool sign_in() {
        socket_.close();
        auto login = session_.login({given_.user, {given_.password.data(), given_.password.size()}});
        if (!perform(login)) {
            return give_up();
        }
        exchange_ = std::move(*login);
        const auto said = exchange_.login_result(session_);
        explain("sign in   ", creatio::text(said->verdict), said->message);
        was_refused_ = !said->authenticated;
        save();
        return said->authenticated;
    }

    /// Writes the session to its file, if it has one and the session has changed: a new file, which nobody else can read.
    void save() {
        const std::uint32_t revision = session_.revision();
        if (file_ == nullptr || revision == saved_ || !session_.has_ticket()) {
            return;
        }
        std::array<std::uint8_t, snapshot_size> bytes;
        const auto len = session_.snapshot(bytes);
        unlink(file_);
        const int file = open(file_, O_WRONLY | O_CREAT | O_EXCL, 0600);
        // A part is found out on reading.
        if (len && file >= 0 && write(file, bytes.data(), *len) == static_cast<ssize_t>(*len)) {
            saved_ = revision;
        } else {
            std::fprintf(stderr, "the session cannot be written to %s\n", file_);
        }
        if (file >= 0) {
            close(file);
        }
        creatio::wipe(bytes);
    }

    /// Has the session go on as its file has it. False if that cannot be: there is none, to begin with.
    bool restore() {
        const int file = file_ != nullptr ? open(file_, O_RDONLY) : -1;
        if (file < 0) {
            return false;
        }
        std::array<std::uint8_t, snapshot_size> bytes;
        const ssize_t len = read(file, bytes.data(), bytes.size());
        close(file);
        const auto status = session_.restore({bytes.data(), len > 0 ? static_cast<std::size_t>(len) : 0});
        creatio::wipe(bytes);
        std::printf("snapshot  %s\n", status == creatio::Status::ok ? "taken up" : creatio::text(status));
        saved_ = session_.revision();
        return status == creatio::Status::ok && session_.has_ticket();
    }

    /// Makes an exchange that has been begun.
    bool perform(creatio::Result<creatio::Exchange> &begun, std::size_t following = 0) {
        body_.clear();
        status_ = begun.status;
        if (!begun || !socket_.open(site_)) {
            return false;
        }
        const auto keep = [this](creatio::ByteView piece) { body_.append(piece.begin(), piece.end()); };
        const auto send = [this, following] { return send_picture(following); };
        status_ = creatio::perform(*begun, session_, socket_, buffer_, keep, send);
        return status_ == creatio::Status::ok;
    }

    /// Says why the last exchange has failed; why there was no connection, the socket has said.
    [[nodiscard]] bool give_up() const {
        if (status_ != creatio::Status::ok) {
            fail(status_);
        }
        return false;
    }

    /// Once more, where the kept connection turns out to be closed and that does no harm.
    bool perform_call(const creatio::Call &call, std::size_t following) {
        auto begun = session_.call(call);
        while (!perform(begun, following)) {
            if (!socket_.was_kept_in_vain() || !begun->may_be_sent_again()) {
                return give_up();
            }
            begun = session_.call(call);
        }
        exchange_ = std::move(*begun);
        return true;
    }

    /// Makes a call, as often as the library says.
    bool make(const creatio::Call &call, std::size_t following = 0) {
        creatio::Renewal renewal(call, true);
        while (session_.set_time(static_cast<std::uint64_t>(std::time(nullptr))) == creatio::Status::ok &&
               perform_call(call, following)) {
            const auto answer = exchange_.call_result(session_);
            save(); // any reply may renew a cookie
            if (answer->verdict == creatio::CallVerdict::fine) {
                return true;
            }
            const char *why = creatio::text(answer->verdict);
            switch (renewal.after_answer(exchange_, session_)) {
            case creatio::RenewalStep::sign_in:
            case creatio::RenewalStep::sign_in_later:
                explain("renewal   ", why, answer->message);
                if (!renew(renewal)) {
                    return false;
                }
                break;
            case creatio::RenewalStep::repeat_later:
                if (!wait(answer->retry_after.value_or(1))) {
                    return false;
                }
                break;
            default:
                explain("refused   ", why, answer->message);
                was_refused_ = true;
                return false;
            }
        }
        return false;
    }

    bool renew(creatio::Renewal &renewal) {
        const auto delay = session_.sign_in_delay();
        if (session_.end(exchange_) != creatio::Status::ok || !wait(delay.value_or(0)) || !sign_in()) {
            return false;
        }
        was_refused_ = renewal.after_sign_in(exchange_, session_) != creatio::RenewalStep::repeat;
        if (was_refused_) {
            std::puts("refused   not made again, for nobody knows whether it was done");
        }
        return !was_refused_;
    }

    bool wait(unsigned seconds) {
        was_refused_ = seconds > longest_wait;
        if (seconds > 0 && !was_refused_) {
            socket_.close(); // the site need not wait, too
            sleep(seconds);
        }
        return !was_refused_;
    }

    bool show(std::string_view title, const creatio::Call &call) {
        if (!make(call)) {
            return false;
        }
        print(title);
        print(body_);
        std::putchar('\n');
        return true;
    }

    static void explain(std::string_view title, const char *why, std::string_view message) {
        print(title);
        std::fputs(why, stdout);
        print(std::string_view(message.empty() ? "" : ": "));
        print(message);
        std::putchar('\n');
    }

    /// A record, of which `path` becomes the path: its Id is a GUID, for nothing else may become part of one.
    bool create_in(std::string_view collection, std::string_view json, std::string &path) {
        constexpr std::string_view member = R"("Id":")";
        constexpr std::size_t guid = 36;
        if (!make(creatio::Call::post(collection).with_json(json))) {
            return false;
        }
        const std::size_t at = body_.find(member);
        const std::string id = at == std::string::npos ? "" : body_.substr(at + member.size(), guid);
        if (id.size() != guid || id.find_first_not_of("0123456789ABCDEFabcdef-") != std::string::npos) {
            std::fputs("a record was created, but its Id has not come back\n", stderr);
            return false;
        }
        path = std::string(collection) + "(" + id + ")";
        std::printf("created   %s\n", path.c_str());
        return true;
    }

    bool create() { return create_in("/odata/Contact", R"({"Name":"Zoe"})", contact_); }

    /// A picture, which is never in memory as a whole: a record for it, and then its data.
    bool upload() {
        std::string path;
        if (!create_in("/odata/SysImage", R"({"Name":"picture.png","MimeType":"image/png"})", path)) {
            return false;
        }
        path += "/Data";
        const bool done =
            make(creatio::Call::put(path).with_body_of_length("application/octet-stream", image_size), image_size);
        std::printf("uploaded  %zu bytes\n", done ? image_size : 0);
        return done;
    }

    /// Two requests in one; each has an answer with a status of its own.
    bool batch() {
        const std::string record = contact_.substr(std::string_view("/odata/").size());
        const std::string json = R"({"requests":[{"id":"1","method":"GET","url":"Contact/$count"},)"
                                 R"({"id":"2","method":"PATCH","url":")" +
                                 record +
                                 R"(","headers":{"Content-Type":"application/json"},"body":{"Name":"Batched"}}]})";
        return show("batch     ", creatio::Call::post("/odata/$batch").with_json(json));
    }

    bool send_picture(std::size_t left) {
        std::array<std::uint8_t, 4096> piece;
        piece.fill('Z'); // a picture of use would be read from somewhere
        while (left > 0 && socket_.send({piece.data(), std::min(left, piece.size())})) {
            left -= std::min(left, piece.size());
        }
        return left == 0;
    }

    /// Nobody signs in again for this. Whatever becomes of it, the session is forgotten here.
    bool log_out() {
        const bool is_answered = perform_call(creatio::Call::logout(), 0);
        if (file_ != nullptr) {
            unlink(file_);
        }
        if (!is_answered) {
            return false;
        }
        const auto answer = exchange_.call_result(session_);
        explain("log out   ", creatio::text(answer->verdict), answer->message);
        return answer->verdict == creatio::CallVerdict::fine || answer->session_ended;
    }

    Arguments given_;
    creatio::Site site_;
    std::array<std::uint8_t, memory_size> memory_; // the session's, which ends before it
    std::array<std::uint8_t, 2048> buffer_;
    creatio::Session session_;
    creatio::Exchange exchange_; // the last
    creatio::Status status_ = creatio::Status::ok;
    Socket socket_;
    std::string body_; // of the last reply
    std::string contact_;
    const char *file_ = std::getenv("CREATIO_SNAPSHOT"); // of the session
    std::uint32_t saved_ = 0;                            // the revision that is in it
    bool was_refused_ = false;
};

} // namespace

int main(int count, char **words) {
    const auto given = arguments(count, words);
    const auto site = given ? creatio::Site::parse(given->url, given->runtime) : creatio::Result<creatio::Site>();
    if (!site) {
        return given ? fail(site.status) : failed;
    }
    App app(*given, *site);
    const bool done = app.run();
    creatio::wipe(given->password);
    return done ? good : app.was_refused() ? refused : failed;
}
