#include "unit.h"

#include <errno.h>

#include "parse/grubstage2.h"

/* The head of a stage2 as "setup" leaves it. */
struct image {
        char bytes[GRUBSTAGE2_HEAD_MAX];
};

static struct image image_of(const char *config, const char saved[4])
{
        struct image i = { { 0 } };

        memcpy(i.bytes + 0x200, "\xea\x70\x82\0\0\0\3\2", 8);
        memcpy(i.bytes + 0x20c, saved, 4);
        memcpy(i.bytes + 0x212, "0.97", 4);
        memcpy(i.bytes + 0x217, config, strlen(config));
        return i;
}

static char *describe(const struct image *i, size_t len)
{
        struct grubstage2 s;
        struct err err = { 0 };

        if (grubstage2_parse((struct span){ i->bytes, len }, &s, &err) < 0)
                return xstrdup(err.text);
        return xasprintf("%s %u%s %u", s.config, s.saved, s.once ? " once" : "", s.after);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *config, *saved, *expected;
        } rows[] = {
                { "as built", "/boot/grub/menu.lst", "\0\0\0\0", "/boot/grub/menu.lst 0 0" },
                { "a volume for /boot", "/grub/grub.conf", "\0\0\0\0", "/grub/grub.conf 0 0" },
                { "saved", "/boot/grub/grub.conf", "\2\0\0\0", "/boot/grub/grub.conf 2 2" },
                { "once, 1 was saved before", "/grub/grub.conf", "\1\3\1\0",
                  "/grub/grub.conf 3 once 1" },
                { "once the first", "/grub/grub.conf", "\0\0\1\0", "/grub/grub.conf 0 once 0" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct image image = image_of(rows[i].config, rows[i].saved);
                cleanup_free char *got = describe(&image, sizeof(image.bytes));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void assert_refused(const struct image *image, size_t len, const char *expected)
{
        cleanup_free char *got = describe(image, len);

        assert_string_equal(got, expected);
}

static void test_refused(void **state _unused_)
{
        const char *other = "not GRUB's second stage of version 0.9x";
        struct image good = image_of("/grub/grub.conf", "\0\0\0\0"), image = good;

        assert_refused(&good, sizeof(good.bytes) - 1, "too short for GRUB's second stage");
        image.bytes[0x206] = 4;
        assert_refused(&image, sizeof(image.bytes), other);
        image = good;
        image.bytes[0x210] = 2; /* a stage 1.5 */
        assert_refused(&image, sizeof(image.bytes), other);
        image = good;
        image.bytes[0x214] = '8';
        assert_refused(&image, sizeof(image.bytes), other);
        image = good;
        image.bytes[0x217] = 'g';
        assert_refused(&image, sizeof(image.bytes), other);
        memset(image.bytes + 0x217, '/', sizeof(image.bytes) - 0x217);
        assert_refused(&image, sizeof(image.bytes), other);
        memset(image.bytes + 0x212, '0', 5);
        assert_refused(&image, sizeof(image.bytes), other);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
