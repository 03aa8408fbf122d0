#include "ec2/imds.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"

#define ENDPOINT  "http://169.254.169.254"
#define TOKEN_TTL "X-aws-ec2-metadata-token-ttl-seconds: 60"

struct session {
        CURL *curl;
        struct curl_slist *headers;
        const char *endpoint;
        int64_t deadline; /* ms */
};

static void session_done(struct session *s)
{
        curl_slist_free_all(s->headers);
        curl_easy_cleanup(s->curl);
}

static int64_t now_ms(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Fewer bytes taken than given ends the transfer. */
static size_t take_bytes(char *data, size_t size, size_t n, void *user)
{
        struct buf *b = user;

        if (size * n > IMDS_ANSWER_MAX - b->len)
                return 0;
        buf_append(b, data, size * n);
        return size * n;
}

static int session_open(struct session *s, struct err *err)
{
        const char *endpoint = getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");

        s->endpoint = endpoint && *endpoint ? endpoint : ENDPOINT;
        s->deadline = now_ms() + IMDS_TOTAL_MS;
        s->curl = curl_easy_init();
        if (!s->curl)
                return err_set(err, -ENOMEM, "the HTTP client cannot be started");
#if LIBCURL_VERSION_NUM >= 0x075500
        curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
        curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
        curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(s->curl, CURLOPT_PROXY, "");
        curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)IMDS_CONNECT_MS);
        curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take_bytes);
        return 0;
}

/* The only header of the requests that follow. */
static void session_set_header(struct session *s, const char *header)
{
        curl_slist_free_all(s->headers);
        s->headers = curl_slist_append(NULL, header);
        curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->headers);
}

/*
 * The status of the answer, 0 when nobody is there, or an error. `method` NULL is GET. The whole
 * conversation has one deadline, so that a service that trickles cannot hold up a check.
 */
static long request(struct session *s, const char *method, const char *path, struct buf *body,
                    struct err *err)
{
        cleanup_free char *url =
                xasprintf("%s%s%s", s->endpoint, str_endswith(s->endpoint, "/") ? "" : "/", path);
        int64_t left = s->deadline - now_ms();
        long status = 0;
        CURLcode r;

        curl_easy_setopt(s->curl, CURLOPT_URL, url);
        curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, method);
        curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, body);
        curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
        r = curl_easy_perform(s->curl);
        if (r == CURLE_COULDNT_CONNECT)
                return 0;
        if (r == CURLE_OPERATION_TIMEDOUT) {
                double connected = 0;

                curl_easy_getinfo(s->curl, CURLINFO_CONNECT_TIME, &connected);
                if (connected == 0)
                        return 0;
                return err_set(err, -ETIMEDOUT,
                               "the instance metadata service does not answer in time");
        }
        if (r == CURLE_WRITE_ERROR)
                return err_set(err, -EFBIG,
                               "the instance metadata service answers with over %d bytes",
                               IMDS_ANSWER_MAX);
        if (r != CURLE_OK)
                return err_set(err, -EIO, "the instance metadata service: %s",
                               curl_easy_strerror(r));
        curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
        return status;
}

/* A token goes back into a header: printable bytes only. */
static bool is_token(const struct buf *b)
{
        for (size_t i = 0; i < b->len; i++)
                if (b->data[i] <= ' ' || b->data[i] > '~')
                        return false;
        return b->len > 0;
}

static bool is_word(const struct buf *b)
{
        for (size_t i = 0; i < b->len; i++)
                if (!ascii_isalnum(b->data[i]) && b->data[i] != '.' && b->data[i] != '-')
                        return false;
        return b->len > 0 && b->len <= 64;
}

/* The value of one key; NULL when the service does not have it. */
static int get_word(struct session *s, const char *key, char **ret, struct err *err)
{
        cleanup_free char *path = xasprintf("latest/meta-data/%s", key);
        cleanup_buf struct buf body = { 0 };
        long status = request(s, NULL, path, &body, err);

        if (status < 0)
                return (int)status;
        if (status != 200 && status != 404)
                return err_set(err, -EIO,
                               "the instance metadata service answers %s with status %ld", key,
                               status);
        if (status == 200 && !is_word(&body))
                return err_set(err, -EBADMSG,
                               "the instance metadata service answers %s with something else", key);
        *ret = status == 200 ? buf_take(&body) : NULL;
        return 0;
}

int imds_ask(struct imds *ret, struct err *err)
{
        _cleanup_(session_done) struct session s = { 0 };
        cleanup_imds struct imds i = { 0 };
        cleanup_buf struct buf token = { 0 };
        cleanup_free char *header = NULL;
        long status;
        int r;

        r = session_open(&s, err);
        if (r < 0)
                return r;
        session_set_header(&s, TOKEN_TTL);
        status = request(&s, "PUT", "latest/api/token", &token, err);
        if (status <= 0)
                return (int)status;
        if (status != 200)
                return err_set(err, -EACCES,
                               "the instance metadata service refuses a token (status %ld)",
                               status);
        if (!is_token(&token))
                return err_set(err, -EBADMSG,
                               "the instance metadata service gives something else for a token");
        header = xasprintf("X-aws-ec2-metadata-token: %s", token.data);
        session_set_header(&s, header);
        r = get_word(&s, "instance-type", &i.instance_type, err);
        if (r == 0 && !i.instance_type)
                r = err_set(err, -ENODATA,
                            "the instance metadata service does not know the instance type");
        if (r == 0)
                r = get_word(&s, "system", &i.system, err);
        if (r < 0)
                return r;
        *ret = i;
        i = (struct imds){ 0 };
        return 1;
}

void imds_done(struct imds *i)
{
        free(i->instance_type);
        free(i->system);
}
