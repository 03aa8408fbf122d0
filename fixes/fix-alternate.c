/*
 * Another kernel of the menu as the default, where the one that starts next lacks a driver: the
 * variable saved_entry in GRUB's environment block. Somebody chose the kernel of today: confirm.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/fix.h"
#include "fixes/rewrite.h"
#include "parse/lines.h"

#define VARIABLE "saved_entry="

/* How the menu calls the entry; NULL: it has no name that is sure to mean it. Borrowed. */
static const char *find_name(const struct facts *f)
{
        const char *index = facts_str(f, "/boot/alternate/index");

        if (facts_bool(f, "/boot/alternate/bls", false))
                return facts_str(f, "/boot/alternate/id");
        return index && !strchr(index, '>') ? facts_str(f, "/boot/alternate/title") : NULL;
}

/* The block keeps its size: what follows the variables is filled with #. */
static int fit(struct buf *block, size_t size, struct err *err)
{
        while (block->len > 0 && block->data[block->len - 1] == '#')
                block->len--;
        if (block->len > size)
                return err_set(err, -ENOSPC, "its %zu bytes have no room for it", size);
        while (block->len < size)
                buf_putc(block, '#');
        return 0;
}

static int edit_block(struct span text, const char *name, struct buf *ret, struct err *err)
{
        cleanup_rewrite struct rewrite w = rewrite_of(text);
        cleanup_blob struct blob after = { 0 };
        struct lines lines = lines_of(text);
        struct line line;
        bool found = false;

        while (lines_next(&lines, &line)) {
                struct span value = { line.text.data + strlen(VARIABLE),
                                      line.text.len - strlen(VARIABLE) };

                if (line.text.len < strlen(VARIABLE) ||
                    memcmp(line.text.data, VARIABLE, strlen(VARIABLE)) != 0)
                        continue;
                rewrite_replace(&w, value, span_of(name));
                found = true;
        }
        if (!found)
                return err_set(err, -ENOENT, "it has no saved_entry");
        rewrite_finish(&w, &after);
        buf_append(ret, after.data, after.len);
        return fit(ret, text.len, err);
}

static int plan_default(struct fix_context *c, struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_LOADER };
        const char *config = facts_str(c->facts, "/boot/config"), *name = find_name(c->facts);
        const char *by = facts_str(c->facts, "/boot/entry/chosen_by");
        cleanup_free char *path = NULL;
        cleanup_buf struct buf after = { 0 };
        struct span text;
        int r;

        if (!streq(facts_str(c->facts, "/boot/loader"), "grub2") || !by ||
            !strstr(by, "saved_entry"))
                return err_set(err, -ENOTSUP, "the default is not chosen by GRUB's saved_entry");
        if (!name || strpbrk(name, "\\\n"))
                return err_set(err, -ENOTSUP,
                               "the other entry has no name that is sure to mean it");
        path = xasprintf("%.*s/grubenv", (int)(strrchr(config, '/') - config), config);
        r = plan_read(c->plan, path, VOLUME_CONFIG_MAX, &text, err);
        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENOENT, "%s is not there", path);
        r = edit_block(text, name, &after, err);
        return r < 0 ? err_wrap(err, r, "%s", path)
                     : plan_write(c->plan, &why, path, buf_span(&after), err);
}

static void plan_alternate(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (plan_default(c, &err) < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
        }
}

const struct fix fix_uek_or_alternate_kernel = {
        .id = "uek-or-alternate-kernel",
        .title = "start the kernel of the menu that has the drivers",
        .clears = FIX_CLEARS("uek-or-alternate-kernel"),
        .confirm = true,
        .plan = plan_alternate,
};
