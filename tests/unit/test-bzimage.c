#include "unit.h"

#include <errno.h>

#include "parse/bzimage.h"

#define SIZE 4096

/* The least a kernel image needs to say its version. */
static void make_image(unsigned char *image, const char *version)
{
        memset(image, 0, SIZE);
        image[0x1f1] = 7;
        image[0x1fe] = 0x55;
        image[0x1ff] = 0xaa;
        memcpy(image + 0x202, "HdrS", 4);
        image[0x206] = 0x0f;
        image[0x207] = 0x02;
        image[0x20e] = 0x00;
        image[0x20f] = 0x04; /* + 0x200 = 0x600 */
        memcpy(image + 0x600, version, strlen(version));
}

static char *describe(const unsigned char *image, size_t len)
{
        struct err err = { 0 };
        struct span release;

        if (bzimage_release((struct span){ (const char *)image, len }, &release, &err) < 0)
                return xstrdup(err.text);
        return span_dup(release);
}

static void test_image(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t at;
                int byte; /* negative: nothing changed */
                size_t len;
                const char *expected;
        } rows[] = {
                { "good", 0, -1, SIZE, "6.1.0-18-amd64" },
                { "cut after the string", 0, -1, 0x640, "6.1.0-18-amd64" },
                { "cut within the string", 0, -1, 0x605,
                  "a damaged kernel image: its version is empty or has no end" },
                { "cut before the string", 0, -1, 0x500,
                  "a damaged kernel image: its version lies outside its header" },
                { "too short", 0, -1, 0x20f, "no x86 kernel image (bzImage)" },
                { "nothing", 0, -1, 0, "no x86 kernel image (bzImage)" },
                { "no boot flag", 0x1fe, 0, SIZE, "no x86 kernel image (bzImage)" },
                { "no magic", 0x202, 'x', SIZE, "no x86 kernel image (bzImage)" },
                { "old protocol", 0x207, 1, SIZE, "a kernel image that does not say its version" },
                { "no string", 0x20f, 0, SIZE, "a kernel image that does not say its version" },
                { "string beyond the setup", 0x1f1, 1, SIZE,
                  "a damaged kernel image: its version lies outside its header" },
                { "0 setup sectors mean 4", 0x1f1, 0, SIZE, "6.1.0-18-amd64" },
                { "empty string", 0x600, 0, SIZE,
                  "a damaged kernel image: its version is empty or has no end" },
                { "control byte", 0x601, 7, SIZE,
                  "a damaged kernel image: its version is not text" },
                { "a path", 0x601, '/', SIZE, "a damaged kernel image: its version is not text" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = NULL;
                unsigned char image[SIZE];

                print_message("# %s\n", rows[i].name);
                make_image(image, "6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP");
                if (rows[i].byte >= 0)
                        image[rows[i].at] = (unsigned char)rows[i].byte;
                got = describe(image, rows[i].len);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_too_long(void **state _unused_)
{
        cleanup_free char *got = NULL;
        unsigned char image[SIZE];

        make_image(image, "");
        memset(image + 0x600, 'x', BZIMAGE_STRING_MAX);
        got = describe(image, SIZE);
        assert_string_equal(got, "a damaged kernel image: its version is empty or has no end");
}

static void test_bits(void **state _unused_)
{
        static const struct {
                const char *name;
                int protocol, flags;
                size_t len;
                int want;
        } rows[] = {
                { "64 bits", 0x0f, 3, SIZE, 1 },
                { "32 bits", 0x0f, 2, SIZE, 0 },
                { "the first that says", 0x0c, 1, SIZE, 1 },
                { "one before", 0x0b, 1, SIZE, -ENODATA },
                { "cut off", 0x0f, 3, 0x237, -ENODATA },
                { "no image", 0x0f, 3, 0, -ENODATA },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                static unsigned char image[SIZE];

                print_message("# %s\n", rows[i].name);
                make_image(image, "6.1.0-18-amd64");
                image[0x206] = (unsigned char)rows[i].protocol;
                image[0x236] = (unsigned char)rows[i].flags;
                assert_int_equal(bzimage_is_64((struct span){ (char *)image, rows[i].len }),
                                 rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_image),
                cmocka_unit_test(test_bits),
                cmocka_unit_test(test_too_long),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
