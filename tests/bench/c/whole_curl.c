/* Signs in and makes a call with libcurl and its cookies: whole_curl PORT. Without a port it does nothing. */

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static const char LOGIN[] = "{\"UserName\":\"Supervisor\",\"UserPassword\":\"secret\"}";

struct body {
    char text[65536];
    size_t len;
};

static size_t keep(char *piece, size_t size, size_t count, void *user)
{
    struct body *body = user;
    size_t len = size * count;
    if (len > sizeof body->text - 1 - body->len)
        return 0;
    memcpy(body->text + body->len, piece, len);
    body->len += len;
    body->text[body->len] = '\0';
    return len;
}

/* The line of the token's header, out of the cookies: domain, flag, path, flag, time, name and value, with tabs between. */
static int find_token(CURL *curl, char *line, size_t room)
{
    struct curl_slist *cookies = NULL;
    int found = 0;
    curl_easy_getinfo(curl, CURLINFO_COOKIELIST, &cookies);
    for (struct curl_slist *each = cookies; each; each = each->next) {
        char *name = strstr(each->data, "\tBPMCSRF\t");
        if (name) {
            snprintf(line, room, "BPMCSRF: %s", name + sizeof "\tBPMCSRF\t" - 1);
            found = 1;
        }
    }
    curl_slist_free_all(cookies);
    return found;
}

static int perform(CURL *curl, const char *url, struct curl_slist *lines, struct body *body)
{
    long status = 0;
    body->len = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    return curl_easy_perform(curl) == CURLE_OK &&
           curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200;
}

int main(int count, char **arguments)
{
    if (count < 2)
        return 0;
    static struct body body;
    char url[256], token[256] = "";
    curl_global_init(CURL_GLOBAL_NOTHING);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");

    struct curl_slist *lines = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    lines = curl_slist_append(lines, "Accept: application/json");
    lines = curl_slist_append(lines, "ForceUseSession: true");
    snprintf(url, sizeof url, "http://127.0.0.1:%s/ServiceModel/AuthService.svc/Login", arguments[1]);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, LOGIN);
    int good = perform(curl, url, lines, &body) && strstr(body.text, "\"Code\":0") && find_token(curl, token, sizeof token);
    curl_slist_free_all(lines);

    lines = curl_slist_append(NULL, "Accept: application/json");
    lines = curl_slist_append(lines, "ForceUseSession: true");
    lines = curl_slist_append(lines, token);
    snprintf(url, sizeof url, "http://127.0.0.1:%s/0/odata/Contact", arguments[1]);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    good = good && perform(curl, url, lines, &body);
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return good ? 0 : 1;
}
