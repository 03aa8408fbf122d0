#include "unit.h"

#include <errno.h>

#include "base/digest.h"

/* FIPS 180-2, appendix B, and the empty message. */
static const struct {
        const char *name, *data, *hex;
} messages[] = {
        { "empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void test_messages(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
                struct digest whole, pieces, read;
                char hex[DIGEST_HEX_LEN + 1];
                struct hash h;

                print_message("# %s\n", messages[i].name);
                digest_of(span_of(messages[i].data), &whole);
                digest_to_hex(&whole, hex);
                assert_string_equal(hex, messages[i].hex);
                hash_init(&h);
                for (const char *c = messages[i].data; *c; c++)
                        hash_add(&h, c, 1);
                hash_end(&h, &pieces);
                assert_true(digest_eq(&whole, &pieces));
                assert_int_equal(digest_from_hex(hex, &read), 0);
                assert_true(digest_eq(&whole, &read));
                read.bytes[31] ^= 1;
                assert_false(digest_eq(&whole, &read));
        }
}

static void test_wrong_hex(void **state _unused_)
{
        char hex[DIGEST_HEX_LEN + 2];
        struct digest d = { { 7 } };

        memset(hex, 'a', sizeof(hex));
        hex[DIGEST_HEX_LEN + 1] = '\0';
        assert_int_equal(digest_from_hex(hex, &d), -EINVAL);
        hex[DIGEST_HEX_LEN - 1] = '\0';
        assert_int_equal(digest_from_hex(hex, &d), -EINVAL);
        hex[DIGEST_HEX_LEN - 1] = 'A';
        hex[DIGEST_HEX_LEN] = '\0';
        assert_int_equal(digest_from_hex(hex, &d), -EINVAL);
        assert_int_equal(digest_from_hex(NULL, &d), -EINVAL);
        assert_int_equal(d.bytes[0], 7);
        hex[DIGEST_HEX_LEN - 1] = 'a';
        assert_int_equal(digest_from_hex(hex, &d), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_messages),
                cmocka_unit_test(test_wrong_hex),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
