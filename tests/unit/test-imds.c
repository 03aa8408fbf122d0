#include "unit-imds.h"

#include <errno.h>
#include <time.h>

#include "ec2/imds.h"

#define OK       "200 OK\r\n\r\n"
#define TOKEN    OK IMDS_TOKEN
#define SERVICE  "the instance metadata service "
#define K1       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define K16      K1 K1 K1 K1 K1 K1 K1 K1 K1 K1 K1 K1 K1 K1 K1 K1
#define OVERSIZE K16 K16 K16 K16 K1

static double seconds(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_ask(void **state _unused_)
{
        static const struct {
                const char *name;
                struct imds_script script;
                int code;
                const char *type, *system; /* with code 1 */
                const char *error;
        } rows[] = {
                { "a Xen instance",
                  { TOKEN, OK "m4.large", OK "xen" },
                  1,
                  "m4.large",
                  "xen",
                  NULL },
                { "Nitro", { TOKEN, OK "m5.large", OK "nitro" }, 1, "m5.large", "nitro", NULL },
                { "a service too old for the key",
                  { TOKEN, OK "m4.large", "404 Not Found\r\n\r\n" },
                  1,
                  "m4.large",
                  NULL,
                  NULL },
                { "token refused",
                  { "403 Forbidden\r\n\r\n", OK "m4.large", OK "xen" },
                  -EACCES,
                  NULL,
                  NULL,
                  SERVICE "refuses a token (status 403)" },
                { "redirected",
                  { "302 Found\r\nLocation: /elsewhere\r\n\r\n", OK "x", OK "xen" },
                  -EACCES,
                  NULL,
                  NULL,
                  SERVICE "refuses a token (status 302)" },
                { "an empty token",
                  { OK, OK "m4.large", OK "xen" },
                  -EBADMSG,
                  NULL,
                  NULL,
                  SERVICE "gives something else for a token" },
                { "a token with a header in it",
                  { OK "a\r\nX: y", OK "m4.large", OK "xen" },
                  -EBADMSG,
                  NULL,
                  NULL,
                  SERVICE "gives something else for a token" },
                { "another token's service",
                  { OK "other", OK "m4.large", OK "xen" },
                  -EIO,
                  NULL,
                  NULL,
                  SERVICE "answers instance-type with status 401" },
                { "a page",
                  { TOKEN, OK "<html>log in</html>", OK "xen" },
                  -EBADMSG,
                  NULL,
                  NULL,
                  SERVICE "answers instance-type with something else" },
                { "nothing",
                  { TOKEN, OK, OK "xen" },
                  -EBADMSG,
                  NULL,
                  NULL,
                  SERVICE "answers instance-type with something else" },
                { "no type",
                  { TOKEN, "404 Not Found\r\n\r\n", OK "xen" },
                  -ENODATA,
                  NULL,
                  NULL,
                  SERVICE "does not know the instance type" },
                { "a page for the system",
                  { TOKEN, OK "m4.large", OK "<html>" },
                  -EBADMSG,
                  NULL,
                  NULL,
                  SERVICE "answers system with something else" },
                { "no HTTP", { "", OK "m4.large", OK "xen" }, -EIO, NULL, NULL, NULL },
                { "oversized",
                  { TOKEN, OK OVERSIZE, OK "xen" },
                  -EFBIG,
                  NULL,
                  NULL,
                  SERVICE "answers with over 4096 bytes" },
                { "slow",
                  { NULL, NULL, NULL },
                  -ETIMEDOUT,
                  NULL,
                  NULL,
                  SERVICE "does not answer in time" },
                { "slow in the end",
                  { TOKEN, OK "m4.large", NULL },
                  -ETIMEDOUT,
                  NULL,
                  NULL,
                  SERVICE "does not answer in time" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct imds_server server = imds_start(&rows[i].script);
                cleanup_imds struct imds imds = { 0 };
                struct err err = { 0 };
                double before = seconds();
                int r;

                print_message("# %s\n", rows[i].name);
                r = imds_ask(&imds, &err);
                imds_stop(&server);
                assert_int_equal(r, rows[i].code);
                /* One second in all; the rest is for a machine that is busy. */
                assert_true(seconds() - before < 5);
                if (rows[i].error)
                        assert_string_equal(err.text, rows[i].error);
                if (rows[i].type)
                        assert_string_equal(imds.instance_type, rows[i].type);
                else
                        assert_null(imds.instance_type);
                if (rows[i].system)
                        assert_string_equal(imds.system, rows[i].system);
                else
                        assert_null(imds.system);
        }
}

static void test_nobody_there(void **state _unused_)
{
        struct imds_server server = imds_start(NULL);
        struct imds imds = { 0 };
        struct err err = { 0 };

        assert_int_equal(imds_ask(&imds, &err), 0);
        assert_int_equal(err.code, 0);
        assert_string_equal(err.text, "");
        imds_stop(&server);
}

/* A proxy would be asked, and nobody listens there. */
static void test_no_proxy(void **state _unused_)
{
        static const struct imds_script script = { TOKEN, OK "m4.large", OK "xen" };
        struct imds_server server = imds_start(&script);
        cleanup_imds struct imds imds = { 0 };

        setenv("http_proxy", "http://127.0.0.1:1", 1);
        setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
        assert_int_equal(imds_ask(&imds, NULL), 1);
        unsetenv("http_proxy");
        unsetenv("ALL_PROXY");
        imds_stop(&server);
}

static void test_other_protocols_are_refused(void **state _unused_)
{
        struct imds imds = { 0 };
        struct err err = { 0 };

        setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "file:///etc", 1);
        assert_int_equal(imds_ask(&imds, &err), -EIO);
        unsetenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_ask),
                cmocka_unit_test(test_nobody_there),
                cmocka_unit_test(test_no_proxy),
                cmocka_unit_test(test_other_protocols_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
