/* fifty_lines: what people write over libcurl. Signs in, and makes two records; after each it says whether it was made, and waits for
 * a line. */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static CURL *curl;
static char answer[65536];
static size_t answered;

static size_t take(char *piece, size_t size, size_t count, void *user) {
    size_t len = size * count;
    (void)user;
    if (answered + len >= sizeof answer) {
        return 0;
    }
    memcpy(answer + answered, piece, len);
    answered += len;
    answer[answered] = '\0';
    return len;
}

static long post(const char *url, const char *path, const char *json) {
    char whole[1024], token[256];
    struct curl_slist *cookies = NULL, *fields = curl_slist_append(NULL, "Content-Type: application/json");
    long status = 0;
    fields = curl_slist_append(fields, "ForceUseSession: true");
    curl_easy_getinfo(curl, CURLINFO_COOKIELIST, &cookies);
    for (struct curl_slist *cookie = cookies; cookie != NULL; cookie = cookie->next) {
        const char *found = strstr(cookie->data, "\tBPMCSRF\t");
        if (found != NULL) {
            snprintf(token, sizeof token, "BPMCSRF: %s", found + strlen("\tBPMCSRF\t"));
            fields = curl_slist_append(fields, token);
        }
    }
    snprintf(whole, sizeof whole, "%s%s", url, path);
    answered = 0;
    curl_easy_setopt(curl, CURLOPT_URL, whole);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
    if (curl_easy_perform(curl) == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(cookies);
    curl_slist_free_all(fields);
    return status;
}

int main(int argc, char **argv) {
    char login[512], path[512];
    if (argc != 6) {
        fputs("usage: fifty_lines URL USER PASSWORD PATH JSON\n", stderr);
        return 2;
    }
    curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    snprintf(login, sizeof login, "{\"UserName\":\"%s\",\"UserPassword\":\"%s\"}", argv[2], argv[3]);
    snprintf(path, sizeof path, "/0%s", argv[4]);
    long status = post(argv[1], "/ServiceModel/AuthService.svc/Login", login);
    bool is_in = status == 200 && strstr(answer, "\"Code\":0") != NULL;
    for (int record = 0; is_in && record < 2; record++) {
        puts(post(argv[1], path, argv[5]) / 100 == 2 ? "yes" : "no");
        fflush(stdout);
        getchar();
    }
    curl_easy_cleanup(curl);
    return 0;
}
