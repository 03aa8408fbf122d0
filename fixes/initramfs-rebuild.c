/*
 * The tools that make an initramfs, and their configuration.
 *
 * update-initramfs(8), mkinitramfs(8): https://salsa.debian.org/kernel-team/initramfs-tools
 * dracut(8), dracut.conf(5): https://github.com/dracut-ng/dracut-ng
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"
#include "fixes/ramdisk.h"
#include "fixes/rewrite.h"
#include "parse/cmdplace.h"

#define TIMEOUT 900

/* ---- the command ----------------------------------------------------------------------------- */

/* Its path in the volume, or NULL; the caller frees it. */
static char *find_program(const struct volume *v, const char *name)
{
        static const char *const dirs[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                char *path = xasprintf("%s/%s", dirs[i], name);
                struct stat st;

                if (volume_stat(v, path, &st, NULL) > 0 && S_ISREG(st.st_mode))
                        return path;
                free(path);
        }
        return NULL;
}

/* The last image file of the entry: those before it hold microcode. NULL: not known. */
static const char *image_path(const struct fix_context *c)
{
        size_t n = facts_count(c->facts, "/boot/entry/initrd");
        cleanup_free char *where = xasprintf("/boot/entry/initrd/%zu/path", n ? n - 1 : 0);

        return facts_str(c->facts, where);
}

struct command {
        struct strv argv, outputs;
};

static void command_done(struct command *k)
{
        strv_done(&k->argv);
        strv_done(&k->outputs);
}

static void push_argv(struct command *k, const char *const *words)
{
        for (; *words; words++)
                strv_push(&k->argv, *words);
}

/* update-initramfs knows one name for the image of a kernel, and keeps a record of it. */
static void use_update_initramfs(struct fix_context *c, const char *program, const char *image,
                                 const char *release, struct command *k)
{
        static const char *const endings[] = { "", ".new", ".bak", ".dpkg-bak" };
        struct stat st;
        bool there = volume_stat(c->volume, image, &st, NULL) > 0;

        push_argv(k, (const char *const[]){ program, there ? "-u" : "-c", "-k", release, NULL });
        for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
                strv_push_take(&k->outputs, xasprintf("%s%s", image, endings[i]));
        if (volume_stat(c->volume, "/var/lib/initramfs-tools", &st, NULL) > 0)
                strv_push_take(&k->outputs, xasprintf("/var/lib/initramfs-tools/%s", release));
}

static int use_initramfs_tools(struct fix_context *c, const char *image, const char *release,
                               struct command *k, struct err *err)
{
        cleanup_free char *usual = xasprintf("/boot/initrd.img-%s", release);
        cleanup_free char *update = find_program(c->volume, "update-initramfs");
        cleanup_free char *make = find_program(c->volume, "mkinitramfs");

        if (volume_mode(c->volume) == VOLUME_OFFLINE &&
            streq(facts_str(c->facts, "/rebuild/why"), "dep"))
                return err_set(err, -ENOTSUP,
                               "MODULES=dep puts in the drivers of the machine it runs on, which "
                               "is not the one of this volume");
        if (update && streq(image, usual)) {
                use_update_initramfs(c, update, image, release, k);
                return 0;
        }
        if (!make)
                return err_set(err, -ENOENT, "mkinitramfs is not there");
        push_argv(k, (const char *const[]){ make, "-o", image, release, NULL });
        strv_push(&k->outputs, image);
        return 0;
}

/* In a chroot the hardware is another one: only a general image has the drivers of Xen, too. */
static int use_dracut(struct fix_context *c, const char *image, const char *release,
                      struct command *k, struct err *err)
{
        cleanup_free char *program = find_program(c->volume, "dracut");

        if (!program)
                return err_set(err, -ENOENT, "dracut is not there");
        push_argv(k, (const char *const[]){ program, "-f", NULL });
        if (volume_mode(c->volume) == VOLUME_OFFLINE)
                strv_push(&k->argv, "--no-hostonly");
        push_argv(k, (const char *const[]){ image, release, NULL });
        strv_push(&k->outputs, image);
        return 0;
}

/* SUSE 11; it takes names below /boot. */
static int use_mkinitrd(struct fix_context *c, const char *image, const char *release,
                        struct command *k, struct err *err)
{
        cleanup_free char *program = find_program(c->volume, "mkinitrd");
        cleanup_free char *kernel = xasprintf("vmlinuz-%s", release);
        const char *name = str_after(image, "/boot/");

        if (!program || !name || strchr(name, '/'))
                return err_set(err, -ENOENT, "mkinitrd is not there, or the image not in /boot");
        if (volume_mode(c->volume) == VOLUME_OFFLINE)
                return err_set(err, -ENOTSUP,
                               "mkinitrd puts in the drivers of the machine it runs on, which is "
                               "not the one of this volume");
        push_argv(k, (const char *const[]){ program, "-k", kernel, "-i", name, NULL });
        strv_push(&k->outputs, image);
        return 0;
}

static int find_command(struct fix_context *c, struct command *k, struct err *err)
{
        const char *tool = facts_str(c->facts, "/rebuild/tool"), *image = image_path(c);
        const char *release = facts_str(c->facts, "/boot/kernel/release");

        if (!image || !release)
                return err_set(err, -ENODATA, "which image of which kernel starts is not known");
        if (ramdisk_check_files(c->facts, err) < 0)
                return -ENOTSUP;
        if (streq(tool, "initramfs-tools"))
                return use_initramfs_tools(c, image, release, k, err);
        if (streq(tool, "dracut"))
                return use_dracut(c, image, release, k, err);
        if (streq(tool, "mkinitrd"))
                return use_mkinitrd(c, image, release, k, err);
        return err_set(err, -ENOENT,
                       "neither dracut nor initramfs-tools is there to make an initramfs");
}

/* Borrowed strings, NULL behind them; the caller frees the list. */
static const char *const *list_of(const struct strv *l)
{
        const char **list = xcalloc(l->n + 1, sizeof(*list));

        for (size_t i = 0; i < l->n; i++)
                list[i] = l->v[i];
        return list;
}

int initramfs_rebuild(struct fix_context *c, const char *const *rules, struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_INITRAMFS };
        _cleanup_(command_done) struct command k = { 0 };
        cleanup_free const char *const *argv = NULL, *const *outputs = NULL;
        int r;

        if (!c->may_run)
                return err_set(err, -EPERM,
                               "the tool of the distribution has to make it anew, and nothing of "
                               "the volume may run");
        r = find_command(c, &k, err);
        if (r < 0)
                return r;
        argv = list_of(&k.argv);
        outputs = list_of(&k.outputs);
        return plan_run(c->plan, &why, argv, outputs, TIMEOUT, err);
}

/* ---- its configuration ----------------------------------------------------------------------- */

/* The line behind the text that is there; 0 when it has that line. */
static int append_line(struct fix_context *c, const char *const *rules, const char *path,
                       const char *text, struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_SOURCES };
        cleanup_buf struct buf after = { 0 };
        struct span before;
        int r = plan_read(c->plan, path, VOLUME_CONFIG_MAX, &before, err);

        if (r < 0)
                return r;
        if (r == 0) {
                r = plan_create(c->plan, &why, path, 0644, span_of(text), err);
                return r < 0 ? r : 1;
        }
        if (before.len > 0 && memmem(before.data, before.len, text, strlen(text)))
                return 0;
        buf_append(&after, before.data, before.len);
        if (before.len > 0 && before.data[before.len - 1] != '\n')
                buf_putc(&after, '\n');
        buf_puts(&after, text);
        r = plan_write(c->plan, &why, path, buf_span(&after), err);
        return r < 0 ? r : 1;
}

static int configure_dracut(struct fix_context *c, const char *const *rules, struct err *err)
{
        const char *why = facts_str(c->facts, "/rebuild/why");
        const char *text = facts_str(c->facts, "/rebuild/text");
        /* A driver that is asked for is not left out, whatever omit_drivers says of it. */
        const char *line = streq(why, "omitted") ? "add_drivers+=\" nvme nvme_core ena \"\n"
                                                 : "add_drivers+=\" nvme ena \"\n";
        struct stat st;
        bool has_dir = volume_stat(c->volume, "/etc/dracut.conf.d", &st, NULL) > 0;

        if (streq(why, "no-modules") && text && strstr(text, "no_kernel"))
                return err_set(err, -ENOTSUP, "dracut is told to put in no modules at all: %s",
                               text);
        return append_line(c, rules,
                           has_dir ? "/etc/dracut.conf.d/90-nitro.conf" : "/etc/dracut.conf", line,
                           err);
}

static int configure_mkinitrd(struct fix_context *c, const char *const *rules, struct err *err)
{
        static const char path[] = "/etc/sysconfig/kernel";
        static const char *const variables[] = { "INITRD_MODULES", NULL };
        const struct plan_reason why = { c->fix->id, rules, PLAN_SOURCES };
        cleanup_cmdplaces struct cmdplaces places = { 0 };
        cleanup_rewrite struct rewrite w = { 0 };
        cleanup_blob struct blob after = { 0 };
        struct span text, end;
        int r = plan_read(c->plan, path, VOLUME_CONFIG_MAX, &text, err);

        if (r > 0)
                r = cmdplaces_find_variables(text, variables, &places, err) < 0 ? -E2BIG : 1;
        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENOENT, "%s is not there", path);
        if (places.n != 1)
                return err_set(err, -ENOTSUP,
                               "INITRD_MODULES is written in a way that is not edited");
        end = (struct span){ places.v[0].text.data + places.v[0].text.len, 0 };
        w = rewrite_of(text);
        rewrite_replace(&w, end, SPAN(" nvme"));
        rewrite_finish(&w, &after);
        r = plan_write(c->plan, &why, path, blob_span(&after), err);
        return r < 0 ? r : 1;
}

int initramfs_keep_nvme(struct fix_context *c, const char *const *rules, struct err *err)
{
        const char *tool = facts_str(c->facts, "/rebuild/tool");

        if (!tool || streq(facts_str(c->facts, "/rebuild/nvme"), "kept"))
                return 0;
        if (streq(tool, "dracut"))
                return configure_dracut(c, rules, err);
        if (streq(tool, "initramfs-tools"))
                return append_line(c, rules, "/etc/initramfs-tools/modules", "nvme\n", err);
        return configure_mkinitrd(c, rules, err);
}

int initramfs_keep_ena(struct fix_context *c, const char *const *rules, struct err *err)
{
        const char *tool = facts_str(c->facts, "/rebuild/tool");

        if (streq(tool, "dracut"))
                return configure_dracut(c, rules, err);
        if (streq(tool, "initramfs-tools"))
                return append_line(c, rules, "/etc/initramfs-tools/modules", "ena\n", err);
        return err_set(err, -ENOTSUP, "how the tool that makes it is told so is not known");
}
