/* main.c: packaging/port/sign_in.h as a program: URL and password. */
#include "sign_in.h"

int main(int count, char **words) {
    return count == 3 && creatio_sign_in(words[1], CREATIO_RUNTIME_NET_FRAMEWORK, "Supervisor", words[2]) ? 0 : 1;
}
