#include "unit.h"

#include "parse/elfnote.h"

#define LEN 256

struct elf {
        unsigned char v[LEN];
        bool wide, big;
};

static void set(struct elf *e, size_t at, size_t width, uint64_t value)
{
        for (size_t i = 0; i < width; i++)
                e->v[at + (e->big ? width - 1 - i : i)] = (unsigned char)(value >> 8 * i);
}

/* One program header at 64, its note at 128: a property of another kind, then the levels. */
static struct elf make_elf(bool wide, bool big, unsigned machine, unsigned bits)
{
        struct elf e = { .wide = wide, .big = big };
        size_t note = 128, pad = wide ? 8 : 4;

        memcpy(e.v, "\177ELF", 4);
        e.v[4] = wide ? 2 : 1;
        e.v[5] = big ? 2 : 1;
        set(&e, 18, 2, machine);
        set(&e, wide ? 0x20 : 0x1c, wide ? 8 : 4, 64);
        set(&e, wide ? 0x36 : 0x2a, 2, wide ? 56 : 32);
        set(&e, wide ? 0x38 : 0x2c, 2, 1);
        set(&e, 64, 4, 4);
        set(&e, wide ? 72 : 68, wide ? 8 : 4, note);
        set(&e, wide ? 96 : 80, wide ? 8 : 4, 16 + 2 * (8 + pad));
        set(&e, note, 4, 4);
        set(&e, note + 4, 4, 2 * (8 + pad));
        set(&e, note + 8, 4, 5);
        memcpy(e.v + note + 12, "GNU", 4);
        set(&e, note + 16, 4, 0xc0000002); /* IBT and SHSTK, no level */
        set(&e, note + 20, 4, 4);
        set(&e, note + 24, 4, 3);
        set(&e, note + 24 + pad, 4, 0xc0008002);
        set(&e, note + 28 + pad, 4, 4);
        set(&e, note + 32 + pad, 4, bits);
        return e;
}

static char *describe(const struct elf *e, size_t len)
{
        struct span head = { (const char *)e->v, len };
        struct elfnote note;
        struct err err = { 0 };

        if (elfnote_read(head, &note, &err) < 0)
                return xstrdup(err.text);
        return xasprintf("%d %u v%u", note.wide ? 64 : 32, note.machine, note.level);
}

static void test_kinds(void **state _unused_)
{
        static const struct {
                bool wide, big;
                unsigned machine, bits;
                const char *want;
        } rows[] = {
                { true, false, 62, 1, "64 62 v1" }, { true, false, 62, 2, "64 62 v2" },
                { true, false, 62, 7, "64 62 v3" }, { true, false, 62, 15, "64 62 v4" },
                { true, false, 62, 0, "64 62 v0" }, { true, false, 62, 0x10, "64 62 v0" },
                { false, false, 3, 1, "32 3 v1" },  { true, true, 22, 4, "64 22 v3" },
                { false, true, 20, 8, "32 20 v4" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct elf e = make_elf(rows[i].wide, rows[i].big, rows[i].machine, rows[i].bits);
                cleanup_free char *text = describe(&e, LEN);

                assert_string_equal(text, rows[i].want);
        }
}

static void test_damage(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t at, width;
                uint64_t value;
                size_t len;
                const char *want;
        } rows[] = {
                { "nothing", 0, 0, 0, 0, "no ELF file" },
                { "text", 0, 1, '#', LEN, "no ELF file" },
                { "a third class", 4, 1, 3, LEN, "an ELF file of a kind that does not exist" },
                { "a third order", 5, 1, 0, LEN, "an ELF file of a kind that does not exist" },
                { "cut off in its header", 0, 0, 0, 60, "an ELF file that is cut off" },
                { "cut off in its table", 0, 0, 0, 100, "an ELF file that is damaged or cut off" },
                { "a table far away", 0x20, 8, UINT64_MAX - 8, LEN,
                  "an ELF file that is damaged or cut off" },
                { "too many entries", 0x38, 2, 0xffff, LEN,
                  "an ELF file that is damaged or cut off" },
                { "entries too small", 0x36, 2, 8, LEN, "an ELF file that is damaged or cut off" },
                { "no entries", 0x38, 2, 0, LEN, "64 62 v0" },
                { "notes far away", 72, 8, UINT64_MAX - 2, LEN,
                  "an ELF file whose notes are not at its beginning" },
                { "notes cut off", 96, 8, 200, LEN,
                  "an ELF file whose notes are not at its beginning" },
                { "a name too long", 128, 4, 0xffffffff, LEN, "64 62 v0" },
                { "a content too long", 132, 4, 0xfffffff9, LEN, "64 62 v0" },
                { "a property too long", 148, 4, 0xffffffff, LEN, "64 62 v0" },
                { "another note", 136, 4, 3, LEN, "64 62 v0" },
                { "another owner", 140, 1, 'X', LEN, "64 62 v0" },
                { "another segment", 64, 4, 1, LEN, "64 62 v0" },
                { "the segment of properties", 64, 4, 0x6474e553, LEN, "64 62 v3" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct elf e = make_elf(true, false, 62, 7);
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                set(&e, rows[i].at, rows[i].width, rows[i].value);
                text = describe(&e, rows[i].len);
                assert_string_equal(text, rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_kinds),
                cmocka_unit_test(test_damage),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
