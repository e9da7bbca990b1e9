/// script.hpp: a connection to a peer that takes any request, and whose reply is written down, in pieces of a given size.
#ifndef SCRIPT_HPP
#define SCRIPT_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "creatio_auth.hpp"

constexpr std::string_view good_login = "HTTP/1.1 200 OK\r\n"
                                        "Set-Cookie: .ASPXAUTH=0A1B2C3D4E5F; path=/; HttpOnly\r\n"
                                        "Set-Cookie: BPMCSRF=csrf.; path=/\r\n"
                                        "Content-Length: 23\r\n\r\n"
                                        R"({"Code":0,"Message":""})";
constexpr std::string_view bad_login = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n"
                                       R"({"Code":1,"Message":"Nein"})";
constexpr std::string_view records = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Page: 7\r\n"
                                     "Transfer-Encoding: chunked\r\n\r\n"
                                     "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n";
constexpr std::string_view ended = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";

class Script {
public:
    explicit Script(std::string_view reply, std::size_t piece = 4096) : reply_(reply), piece_(piece) {}

    bool send(creatio::ByteView bytes) {
        sent.append(bytes.begin(), bytes.end());
        return sent.size() <= takes;
    }
    std::optional<std::size_t> receive(creatio::Bytes room) {
        if (is_closed || (reply_.empty() && fails_at_end)) {
            return std::nullopt;
        }
        const std::size_t len = std::min({piece_, room.size(), reply_.size()});
        std::copy_n(reply_.begin(), len, room.begin());
        reply_.remove_prefix(len);
        return len;
    }
    void close() { is_closed = true; }

    std::string sent;
    std::size_t takes = std::string::npos; // how many bytes before it fails
    bool fails_at_end = false;
    bool is_closed = false;

private:
    std::string_view reply_;
    std::size_t piece_;
};

#endif
