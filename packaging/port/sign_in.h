/* sign_in.h: a sign-in over the port, to begin with. Change it as you like. */
#ifndef CREATIO_SIGN_IN_H
#define CREATIO_SIGN_IN_H

#include <stdio.h>
#include <string.h>

#include "creatio_port.h"

/* Prints what came of it; true if the site let us in. The session is then there for calls. */
static bool creatio_sign_in(const char *url, creatio_runtime runtime, const char *user, const char *password) {
    static creatio_site site;
    static creatio_session session;
    static creatio_exchange exchange;
    static uint8_t memory[4096], buffer[512];
    creatio_credentials who;
    creatio_login login;
    creatio_status status;
    int port = 0;

    memset(&who, 0, sizeof who);
    who.user_name = user;
    who.user_name_len = strlen(user);
    who.password = password;
    who.password_len = strlen(password);
    status = creatio_site_parse(&site, url, strlen(url), runtime);
    if (status == CREATIO_OK) {
        status = creatio_session_init(&session, &site, memory, sizeof memory);
    }
    if (status == CREATIO_OK) {
        status = creatio_port_tell_time(&session);
    }
    if (status == CREATIO_OK) {
        status = creatio_session_login(&session, &who, &exchange);
    }
    if (status == CREATIO_OK) {
        status = creatio_port_perform(&site, &session, &exchange, buffer, sizeof buffer, NULL, NULL, &port);
    }
    if (status == CREATIO_OK) {
        status = creatio_exchange_login_result(&exchange, &session, &login);
    }
    if (status != CREATIO_OK) {
        printf("no sign-in: %s (%d)\n", status == CREATIO_MORE ? "no connection" : creatio_status_name(status), port);
        return false;
    }
    printf("%s: %.*s\n", creatio_login_verdict_name(login.verdict), (int)login.message.len,
           login.message.text == NULL ? "" : (const char *)login.message.text);
    return login.authenticated;
}

#endif
