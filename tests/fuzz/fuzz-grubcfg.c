#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubcfg.h"

/*
 * The input is a grub.cfg; after a line "%%" a grubenv, after another a custom.cfg. What is asked
 * of other files is answered by the length of their names.
 */
struct parts {
        struct span text[3];
};

static struct parts split(struct span all)
{
        struct parts p = { { all } };

        for (size_t i = 0; i < 2; i++) {
                struct span *s = &p.text[i];
                const char *at = s->len ? memmem(s->data, s->len, "\n%%\n", 4) : NULL;

                if (!at)
                        break;
                p.text[i + 1] = (struct span){ at + 4, s->len - (size_t)(at + 4 - s->data) };
                s->len = (size_t)(at + 1 - s->data);
        }
        return p;
}

static const struct span *find_part(const struct parts *p, const char *path)
{
        if (strcmp(path, "/boot/grub/grubenv") == 0)
                return &p->text[1];
        return strcmp(path, "/boot/grub/custom.cfg") == 0 ? &p->text[2] : NULL;
}

static int test_file(void *data, char op, const char *path)
{
        const struct span *part = find_part(data, path);

        assert(strchr("defs", op) && *path == '/');
        if (part)
                return part->len > 0;
        return (int)(strlen(path) % 3) - 1;
}

static int read_file(void *data, const char *path, struct blob *ret, char **ret_name,
                     struct err *err)
{
        const struct span *part = find_part(data, path);

        assert(*path == '/');
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct parts parts = split((struct span){ (const char *)data, len });
        struct grubcfg_input input = {
                .text = parts.text[0],
                .name = "grub.cfg",
                .directory = "/boot/grub",
                .red_hat = len % 2,
                .host = { &parts, test_file, read_file },
        };
        cleanup_grubcfg_boot struct grubcfg_boot boot = { 0 };
        struct err err = { 0 };
        int r = grubcfg_evaluate(&input, &boot, &err);

        if (r < 0) {
                assert(r == -ENODATA && *err.text && !boot.title);
                return 0;
        }
        check_text(boot.title);
        check_text(boot.index);
        check_text(boot.cmdline);
        check_text(boot.chosen_by);
        check_text(boot.kernel.path);
        check_text(boot.kernel.device);
        assert(*boot.kernel.path == '/' && boot.place.line && boot.kernel.place.line);
        for (size_t i = 0; i < boot.n_initrds; i++) {
                check_text(boot.initrds[i].path);
                assert(*boot.initrds[i].path == '/');
        }
        return 0;
}
