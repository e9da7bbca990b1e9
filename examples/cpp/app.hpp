/// app.hpp: what the programs here share: what they are told, and what they print.
#ifndef APP_HPP
#define APP_HPP

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "creatio_auth.hpp"

/// Exit codes: all is well, the site said otherwise, an error.
enum Outcome : int { good = 0, refused = 1, failed = 2 };

/// What the command line and the environment say: URL USER net|net-framework, and CREATIO_PASSWORD.
struct Arguments {
    std::string_view url, user;
    creatio::Runtime runtime = creatio::Runtime::net;
    creatio::Span<char> password; // in the environment itself, which can be wiped
};

inline std::optional<Arguments> arguments(int count, char **words) {
    char *password = std::getenv("CREATIO_PASSWORD");
    const std::string_view runtime = count == 4 ? words[3] : "";
    if ((runtime != "net" && runtime != "net-framework") || password == nullptr || *password == '\0' ||
        *words[2] == '\0') {
        std::fprintf(stderr, "usage: CREATIO_PASSWORD=... %s URL USER net|net-framework\n", words[0]);
        return std::nullopt;
    }
    return Arguments{words[1], words[2],
                     runtime == "net" ? creatio::Runtime::net : creatio::Runtime::net_framework,
                     {password, std::string_view(password).size()}};
}

/// Says why something has failed, and what to do.
inline Outcome fail(creatio::Status status) {
    std::fprintf(stderr, "%s (%s)\n", creatio::text(status), creatio::name(status));
    return failed;
}

/// Prints what came from the site, with spaces for control characters: they command terminals.
template <class Text> void print(const Text &text) {
    for (const auto byte : text) {
        const auto number = static_cast<unsigned char>(byte);
        std::putchar(number < ' ' || number == 0x7F ? ' ' : number);
    }
}

#endif
