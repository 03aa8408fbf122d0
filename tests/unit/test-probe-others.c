#include "unit-modules.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_others, probe_drivers;

#define OLD "3.13.0-test"

/* Of the entry that is next, and of the others; "-": not known, "": no such thing. */
struct entry {
        const char *kernel, *initrds, *cmdline;
};

static void put_initrds(struct facts *f, const char *node, const char *list)
{
        cleanup_free char *copy = xstrdup(list);
        char *at = copy, *word;
        size_t n = 0;

        if (streq(list, "-")) {
                cleanup_free char *path = xasprintf("%s/initrd", node);

                facts_unknown(f, path, NULL, "on another disk");
                return;
        }
        facts_set_array(f, "%s/initrd", node);
        while ((word = strsep(&at, " ")))
                if (*word)
                        facts_set_str(f, word, "%s/initrd/%zu/path", node, n++);
}

static void put_other(struct facts *f, size_t i, const struct entry *e)
{
        cleanup_free char *node = xasprintf("/boot/others/%zu", i);
        cleanup_free char *release = xasprintf("%s/kernel/release", node);

        facts_set_evidence(f, node, "/boot/grub/grub.cfg", 10 * i + 1, SPAN("menuentry"));
        facts_set_str(f, "linux", "%s/starts", node);
        facts_set_str(f, "/boot/k", "%s/kernel/path", node);
        facts_set_str(f, "/boot/grub/grub.cfg", "%s/kernel/file", node);
        facts_set_str(f, e->cmdline, "%s/cmdline", node);
        facts_set_bool(f, *e->kernel != '\0', "%s/kernel/present", node);
        if (!*e->kernel || streq(e->kernel, "-"))
                facts_unknown(f, release, "/boot/k", "no kernel image");
        else
                facts_set_str(f, e->kernel, "%s", release);
        put_initrds(f, node, e->initrds);
}

static struct facts *new_facts(const struct entry *others, size_t n)
{
        struct facts *f = facts_new();

        facts_set_str(f, UNIT_RELEASE, "/boot/kernel/release");
        put_initrds(f, "/boot/entry", "/boot/next");
        facts_set_array(f, "/boot/others");
        for (size_t i = 0; i < n && others[i].kernel; i++)
                put_other(f, i, &others[i]);
        return f;
}

/* "driver image image_driver: kind message" */
static char *describe(const struct facts *f, size_t i)
{
        static const char *const keys[] = { "driver", "image", "image_driver" };
        struct buf b = { 0 };
        cleanup_free char *problem = unit_fact(f, "/boot/others/%zu/problem", i);
        cleanup_free char *kind = unit_fact(f, "/boot/others/%zu/problem/kind", i);
        cleanup_free char *message = unit_fact(f, "/boot/others/%zu/problem/message", i);

        for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                cleanup_free char *value = unit_fact(f, "/boot/others/%zu/%s", i, keys[k]);

                buf_printf(&b, "%s ", *value == '?' ? "?" : value);
        }
        if (*problem == '{')
                buf_printf(&b, "%s: %s", kind, message);
        else
                buf_puts(&b, problem);
        return buf_take(&b);
}

static void write_image(const char *dir, const char *path, const struct unit_modules *m)
{
        cleanup_buf struct buf b = { 0 };

        if (m)
                unit_modules_each(m, unit_put_member, &b);
        else
                unit_put_member(&b, "init", SPAN("#!/bin/sh"));
        unit_cpio_add(&b, &(struct unit_member){ .name = "TRAILER!!!" });
        unit_write(dir, path, b.data, b.len);
}

static char *make_volume(void)
{
        static const struct unit_modules next = UNIT_MODULES;
        static const struct unit_modules old = {
                OLD,  "ena kernel/net/ena.ko:\n", UNIT_ALIAS_ENA, UNIT_BUILTIN,
                NULL, "kernel/net/ena.ko"
        };
        static const struct unit_modules builtin = { "6.8-aws",       "ena kernel/net/ena.ko:\n",
                                                     UNIT_ALIAS_ENA,  "nvme\nnvme_core\n",
                                                     UNIT_ALIAS_NVME, "kernel/net/ena.ko" };
        static const struct unit_modules no_ena = {
                "4.4-noena", "nvme kernel/nvme.ko:\n", UNIT_ALIAS_NVME, UNIT_BUILTIN,
                NULL,        "kernel/nvme.ko"
        };
        static const struct unit_modules *const all[] = { &next, &old, &builtin, &no_ena };
        char *dir = unit_temp_dir();

        for (size_t i = 0; i < ARRAY_SIZE(all); i++)
                unit_modules_each(all[i], unit_put_file, dir);
        write_image(dir, "boot/good", &next);
        write_image(dir, "boot/same", &next);
        write_image(dir, "boot/no-ena", &no_ena);
        write_image(dir, "boot/bare", NULL);
        unit_write_text(dir, "boot/empty", "");
        unit_write_text(dir, "boot/torn", "070701");
        return dir;
}

static void test_problems(void **state _unused_)
{
        static const struct {
                const char *name;
                struct entry entry;
                const char *want;
        } rows[] = {
                { "as good as the next",
                  { UNIT_RELEASE, "/boot/same", "root=UUID=1" },
                  "module ok module null" },
                { "no initramfs",
                  { UNIT_RELEASE, "", "root=PARTUUID=1" },
                  "module none null no-image: the NVMe driver of its kernel " UNIT_RELEASE
                  " is a module, and it has no initramfs to load it" },
                { "no initramfs, the root by UUID",
                  { "6.8-aws", "", "root=UUID=1" },
                  "builtin none builtin root: it has no initramfs, and without one the kernel "
                  "does not understand root=UUID=1" },
                { "no initramfs, all built in",
                  { "6.8-aws", "", "root=PARTUUID=1" },
                  "builtin none builtin null" },
                { "built in, and the image is not looked into",
                  { "6.8-aws", "/boot/torn", "root=UUID=1" },
                  "builtin unread builtin null" },
                { "built in, but the image is gone",
                  { "6.8-aws", "/boot/good /boot/gone", "root=UUID=1" },
                  "builtin missing builtin image-gone: its initramfs /boot/gone is not there" },
                { "its image is gone",
                  { UNIT_RELEASE, "/boot/gone", "root=UUID=1" },
                  "module missing ? image-gone: its initramfs /boot/gone is not there" },
                { "an old kernel",
                  { OLD, "/boot/bare", "root=UUID=1" },
                  "missing unread null driver: its kernel " OLD " has no NVMe driver" },
                { "no modules at all",
                  { "9.9", "/boot/bare", "root=UUID=1" },
                  "missing unread null driver: its kernel 9.9 has no NVMe driver" },
                { "its image lacks the driver",
                  { UNIT_RELEASE, "/boot/bare", "root=UUID=1" },
                  "module ok missing image: its initramfs has no NVMe driver" },
                { "the image of another kernel",
                  { "4.4-noena", "/boot/good", "root=UUID=1" },
                  "module ok missing image: its initramfs has no NVMe driver" },
                { "an empty image",
                  { UNIT_RELEASE, "/boot/empty", "root=UUID=1" },
                  "module empty ? image: its initramfs is empty" },
                { "a torn image",
                  { UNIT_RELEASE, "/boot/torn", "root=UUID=1" },
                  "module damaged ? image: its initramfs is damaged" },
                { "no network",
                  { "4.4-noena", "/boot/no-ena", "root=UUID=1" },
                  "module ok module ena: its kernel 4.4-noena has no driver for ENA network cards" },
                { "its kernel is gone",
                  { "", "/boot/good", "root=UUID=1" },
                  "? ? ? kernel-gone: its kernel /boot/k is not there" },
                { "the root by a name of Xen",
                  { UNIT_RELEASE, "/boot/good", "root=UUID=1 root=/dev/xvda1" },
                  "module ok module root: it is told root=/dev/xvda1, a name that Nitro lacks" },
                { "the root by a name of its own",
                  { UNIT_RELEASE, "/boot/good", "root=/dev/data" },
                  "module ok module ? what its root= means on Nitro is not known" },
                { "no root", { UNIT_RELEASE, "/boot/good", "ro" }, "module ok module null" },
                { "told not to load it",
                  { UNIT_RELEASE, "/boot/good", "root=UUID=1 modprobe.blacklist=nvme" },
                  "module ok module blacklist: the module nvme is kept from loading" },
                { "a kernel that is not known",
                  { "-", "/boot/good", "root=UUID=1" },
                  "? ? ? ? no kernel image" },
                { "an image that is not known",
                  { UNIT_RELEASE, "-", "root=UUID=1" },
                  "module ? ? ? on another disk" },
        };
        char *dir = make_volume();

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = new_facts(&rows[i].entry, 1);
                const struct probe *const probes[] = { &probe_drivers, &probe_others, NULL };
                cleanup_free char *got = NULL;

                print_message("# %s\n", rows[i].name);
                unit_probe_on(f, dir, NULL, probes);
                got = describe(f, 0);
                assert_string_equal(got, rows[i].want);
        }
        unit_remove_tree(dir);
}

/* Images are read once, and not more of them than the cap; those of the next entry not at all. */
static void test_images_cap(void **state _unused_)
{
        static const struct entry others[] = {
                { UNIT_RELEASE, "/boot/next", "root=LABEL=x" },
                { UNIT_RELEASE, "/boot/1", "root=UUID=1" },
                { UNIT_RELEASE, "/boot/2", "root=UUID=1" },
                { UNIT_RELEASE, "/boot/1", "root=UUID=2" },
                { UNIT_RELEASE, "/boot/3", "root=UUID=1" },
                { UNIT_RELEASE, "/boot/4", "root=UUID=1" },
                { UNIT_RELEASE, "/boot/5", "root=UUID=1" },
                { UNIT_RELEASE, "/boot/5", "root=/dev/sda1" },
                { UNIT_RELEASE, "/boot/2", "root=UUID=3" },
                { 0 },
        };
        const struct probe *const probes[] = { &probe_drivers, &probe_others, NULL };
        static const struct unit_modules m = UNIT_MODULES;
        cleanup_facts struct facts *f = new_facts(others, ARRAY_SIZE(others));
        cleanup_buf struct buf got = { 0 };
        char *dir = make_volume();

        for (size_t i = 1; i <= 5; i++) {
                cleanup_free char *path = xasprintf("boot/%zu", i);

                write_image(dir, path, &m);
        }
        /* As the probe of the next entry would have left it. */
        facts_set_str(f, "ok", "/initramfs/state");
        facts_set_str(f, "builtin", "/initramfs/nvme/state");
        facts_set_array(f, "/initramfs/directives");
        unit_probe_on(f, dir, NULL, probes);
        for (size_t i = 0; others[i].kernel; i++) {
                cleanup_free char *line = describe(f, i);

                buf_printf(&got, "%s\n", line);
        }
        assert_string_equal(got.data,
                            "module ok builtin null\nmodule ok module null\nmodule ok module null\n"
                            "module ok module null\nmodule ok module null\nmodule ok module null\n"
                            "module ? ? ? of the other entries' initial RAM disks only 4 are read\n"
                            "module ? ? root: it is told root=/dev/sda1, a name that Nitro lacks\n"
                            "module ok module null\n");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_problems),
                cmocka_unit_test(test_images_cap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
