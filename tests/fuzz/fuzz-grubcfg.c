#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/grubcfg.h"

/*
 * The input is a grub.cfg; after a line "%%" a grubenv, after another a custom.cfg, and then entry
 * files of blscfg, the first line of each its name. What is asked of other files is answered by the
 * length of their names.
 */
#define PARTS       6
#define FIRST_ENTRY 3

struct parts {
        struct span text[PARTS];
};

static struct parts split(struct span all)
{
        struct parts p = { { all } };

        for (size_t i = 0; i + 1 < PARTS; i++) {
                struct span *s = &p.text[i];
                const char *at = s->len ? memmem(s->data, s->len, "\n%%\n", 4) : NULL;

                if (!at)
                        break;
                p.text[i + 1] = (struct span){ at + 4, s->len - (size_t)(at + 4 - s->data) };
                s->len = (size_t)(at + 1 - s->data);
        }
        return p;
}

/* What follows the first line, which is copied. */
static struct span split_entry(struct span part, char **ret_name)
{
        const char *newline = part.len ? memchr(part.data, '\n', part.len) : NULL;
        size_t len = newline ? (size_t)(newline - part.data) : part.len;

        *ret_name = xmemdup0(part.len ? part.data : "", len);
        if (!part.len)
                return part;
        len += newline != NULL;
        return (struct span){ part.data + len, part.len - len };
}

static int list_directory(void *data, const char *device _unused_, const char *path,
                          struct strv *ret, struct err *err)
{
        const struct parts *p = data;

        assert(*path == '/');
        if (strlen(path) % 5 == 4)
                return err_set(err, -EIO, "I/O error");
        for (size_t i = FIRST_ENTRY; i < PARTS; i++) {
                char *name;

                split_entry(p->text[i], &name);
                strv_push_take(ret, name);
        }
        strv_sort(ret);
        return 1;
}

static int read_entry(const struct parts *p, const char *name, struct blob *ret, char **ret_name)
{
        for (size_t i = FIRST_ENTRY; i < PARTS; i++) {
                cleanup_free char *own = NULL;
                struct span text = split_entry(p->text[i], &own);

                if (!streq(own, name))
                        continue;
                *ret = (struct blob){ xmemdup0(text.data ? text.data : "", text.len), text.len };
                *ret_name = TAKE_PTR(own);
                return 1;
        }
        return 0;
}

static const struct span *find_part(const struct parts *p, const char *path)
{
        if (strcmp(path, "/boot/grub/grubenv") == 0)
                return &p->text[1];
        return strcmp(path, "/boot/grub/custom.cfg") == 0 ? &p->text[2] : NULL;
}

static int test_file(void *data, char op, const char *device _unused_, const char *path)
{
        const struct span *part = find_part(data, path);

        assert(strchr("defs", op) && *path == '/');
        if (part)
                return part->len > 0;
        return (int)(strlen(path) % 3) - 1;
}

static int read_file(void *data, const char *device _unused_, const char *path, struct blob *ret,
                     char **ret_name, struct err *err)
{
        const struct span *part = find_part(data, path);

        assert(*path == '/');
        if (strstr(path, "loader/entries/"))
                return read_entry(data, strrchr(path, '/') + 1, ret, ret_name);
        if (!part || !part->len)
                return strlen(path) % 2 ? err_set(err, -EIO, "I/O error") : 0;
        *ret = (struct blob){ span_dup(*part), part->len };
        *ret_name = xstrdup(path);
        return 1;
}

static void check_text(const char *s)
{
        assert(s && !strchr(s, '\1') && !strchr(s, '\2'));
}

static void check_entry(const struct bootentry *boot)
{
        check_text(boot->title);
        check_text(boot->index);
        assert(boot->place.line);
        if (boot->unknown || boot->starts != BOOTENTRY_LINUX) {
                assert(boot->role != BOOTENTRY_NEXT);
                return;
        }
        check_text(boot->cmdline);
        check_text(boot->kernel.path);
        check_text(boot->kernel.device);
        assert(*boot->kernel.path == '/' && boot->kernel.place.line);
        for (size_t i = 0; i < boot->n_initrds; i++) {
                check_text(boot->initrds[i].path);
                assert(*boot->initrds[i].path == '/');
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct parts parts = split((struct span){ (const char *)data, len });
        struct grubcfg_input input = {
                .text = parts.text[0],
                .name = "grub.cfg",
                .directory = "/boot/grub",
                .red_hat = len % 2,
                .host = { &parts, test_file, read_file, list_directory },
        };
        cleanup_bootmenu struct bootmenu menu = { 0 };
        struct err err = { 0 };
        int r = grubcfg_evaluate(&input, &menu, &err);

        if (r < 0) {
                assert(r == -ENODATA && *err.text && !menu.next.title);
                return 0;
        }
        assert(menu.next.role == BOOTENTRY_NEXT);
        check_entry(&menu.next);
        check_text(menu.next.chosen_by);
        for (size_t i = 0; i < menu.n; i++) {
                check_entry(&menu.others[i]);
                assert(menu.others[i].role != BOOTENTRY_NEXT);
        }
        return 0;
}
