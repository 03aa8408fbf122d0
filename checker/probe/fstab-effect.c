#include "probe/fstab-effect.h"

#include "base/str.h"

#define EFFECT(n, t) ((struct fstab_effect){ .name = (n), .text = (t) })

bool fstab_path_eq(const char *written, const char *path)
{
        for (; *path; path++) {
                if (*written != *path)
                        return false;
                written++;
                while (*path == '/' && *written == '/')
                        written++;
        }
        while (*written == '/')
                written++;
        return *written == '\0';
}

/* "comment=systemd.x" is how options were spelled once that mount(8) should not mind. */
static bool option_is(struct fstab_option o, const char *name, struct span *ret_value)
{
        size_t n = strlen("comment=");

        if (str_startswith(name, "comment=") && span_eq(o.name, "comment")) {
                size_t len = strlen(name + n);

                if (o.value.len < len || memcmp(o.value.data, name + n, len) != 0)
                        return false;
                *ret_value = (struct span){ 0 };
                if (o.value.len > len && o.value.data[len] == '=')
                        *ret_value = (struct span){ o.value.data + len + 1, o.value.len - len - 1 };
                return o.value.len == len || ret_value->data;
        }
        *ret_value = o.value;
        return span_eq(o.name, name);
}

/*
 * The last of `names` that the line has, as an index, or -1. getmntent leaves the carriage return
 * of \r\n in the last field, so that its readers do not know the last option, unless it has a
 * value.
 */
static int last_option(const struct fstab_entry *e, bool by_getmntent, const char *const *names,
                       struct span *ret_value)
{
        struct span rest = span_of(e->options.value ? e->options.value : ""), value;
        struct fstab_option o;
        int found = -1;

        while (fstab_option_next(&rest, &o)) {
                bool has_cr = by_getmntent && e->cr_in_last_field && rest.len == 0;

                for (int i = 0; names[i]; i++) {
                        if (!option_is(o, names[i], &value) || (has_cr && !value.data))
                                continue;
                        found = i;
                        if (ret_value)
                                *ret_value = value;
                }
        }
        return found;
}

#define LAST_OPTION(e, by_getmntent, ...) \
        last_option(e, by_getmntent, (const char *const[]){ __VA_ARGS__, NULL }, NULL)

bool fstab_has_option(const struct fstab_entry *e, const char *name)
{
        return LAST_OPTION(e, false, name) >= 0;
}

static bool has(const struct fstab_entry *e, const char *name)
{
        return LAST_OPTION(e, true, name) >= 0;
}

bool fstab_is_read(enum fstab_reader reader, const struct fstab_entry *e)
{
        bool lenient = reader == FSTAB_SYSTEMD || reader == FSTAB_MOUNTALL;

        if (e->fault == FSTAB_GOOD)
                return true;
        return lenient && e->target.value;
}

/* "0" and "infinity" both mean for ever; so do "0s" and "0 min". */
static bool is_for_ever(struct span timeout)
{
        bool zero = false;

        if (span_eq(timeout, "infinity"))
                return true;
        for (size_t i = 0; i < timeout.len; i++) {
                if (timeout.data[i] >= '1' && timeout.data[i] <= '9')
                        return false;
                if (timeout.data[i] == '0')
                        zero = true;
        }
        return zero;
}

/* ---- systemd ---- */

static bool waits_for_ever(const struct fstab_entry *e)
{
        static const char *const names[] = { "x-systemd.device-timeout",
                                             "comment=systemd.device-timeout", NULL };
        struct span value = { 0 };

        return last_option(e, true, names, &value) >= 0 && value.data && is_for_ever(value);
}

/* File systems that systemd mounts with the network and that may be on a disk. */
static bool is_network(const struct fstab_entry *e)
{
        return has(e, "_netdev") || fstab_type_is(e, "gfs") || fstab_type_is(e, "gfs2") ||
               fstab_type_is(e, "ocfs2");
}

static bool is_automount(const struct fstab_entry *e)
{
        return LAST_OPTION(e, true, "x-systemd.automount", "comment=systemd.automount") >= 0;
}

static bool is_noauto(const struct fstab_entry *e)
{
        return LAST_OPTION(e, true, "noauto", "auto") == 0;
}

static bool is_nofail(const struct fstab_entry *e)
{
        return LAST_OPTION(e, true, "nofail", "fail") == 0;
}

static struct fstab_effect systemd_swap(const struct fstab_entry *e, bool for_ever)
{
        if (e->is_repeated)
                return EFFECT("harmless", "systemd ignores this line: an earlier one has the same "
                                          "swap device.");
        if (is_noauto(e))
                return EFFECT("degraded", "Nothing at boot (noauto); swapon fails when it is "
                                          "wanted.");
        /* swap.target waits for the job also when it only wants it (nofail). */
        if (for_ever)
                return EFFECT("hang", "The time-out is infinite: the boot waits for this swap "
                                      "device for ever.");
        return EFFECT("degraded", "systemd waits 90 seconds for the device, then the boot goes on "
                                  "without this swap.");
}

/* Units without which nothing of use starts. */
static bool is_vital_unit(struct span unit)
{
        return span_eq(unit, "local-fs.target") || span_eq(unit, "sysinit.target") ||
               span_eq(unit, "basic.target") || span_eq(unit, "local-fs-pre.target");
}

static bool is_required_by_vital(const struct fstab_entry *e)
{
        struct span rest = span_of(e->options.value);
        struct fstab_option o;

        while (fstab_option_next(&rest, &o))
                if (span_eq(o.name, "x-systemd.required-by") && o.value.data &&
                    is_vital_unit(o.value) && !(e->cr_in_last_field && rest.len == 0))
                        return true;
        return false;
}

/* The line names the units itself, and then noauto and nofail mean nothing. */
static bool names_units(const struct fstab_entry *e)
{
        return has(e, "x-systemd.required-by") || has(e, "x-systemd.wanted-by");
}

static struct fstab_effect systemd_named(const struct fstab_entry *e, bool for_ever)
{
        if (!is_required_by_vital(e))
                return EFFECT("degraded", "Only the units named in the line want this mount; they "
                                          "wait for it, and go on without it or fail.");
        if (for_ever)
                return EFFECT("hang", "The time-out is infinite: the unit that requires this mount "
                                      "waits for the device for ever.");
        return EFFECT("emergency", "The unit that requires this mount fails, and the machine stops "
                                   "in emergency mode, without network.");
}

/* What a failed mount does that local-fs.target or remote-fs.target asks for. */
static struct fstab_effect systemd_mount(const struct fstab_entry *e, bool for_ever)
{
        if (is_nofail(e))
                return EFFECT("degraded", "The boot goes on (nofail), but what is on this file "
                                          "system is missing.");
        if (is_network(e) && for_ever)
                return EFFECT("hang",
                              "The time-out is infinite: remote-fs.target is never reached, "
                              "and until then only root may log in.");
        if (is_network(e))
                return EFFECT("degraded", "systemd waits 90 seconds with the remote file systems; "
                                          "the boot goes on, but this one is missing.");
        if (for_ever)
                return EFFECT("hang",
                              "The time-out is infinite: the boot waits for this device for "
                              "ever, before network and ssh.");
        return EFFECT("emergency", "systemd waits 90 seconds for the device, then stops in "
                                   "emergency mode, without network.");
}

static struct fstab_effect systemd_effect(const struct fstab_entry *e, const char *option)
{
        /* The time-out is for the device in field 1. */
        bool for_ever = !option && waits_for_ever(e);

        if (fstab_type_is(e, "swap"))
                return systemd_swap(e, for_ever);
        if (!strchr(e->target.value, '/') || fstab_type_is(e, "autofs"))
                return EFFECT("harmless", "systemd ignores this line: it has no mount point.");
        if (e->is_repeated)
                return EFFECT("harmless", "systemd ignores this line: an earlier one has the same "
                                          "mount point.");
        if (is_automount(e))
                return EFFECT("degraded", "The boot goes on; the first access to the mount point "
                                          "waits and fails.");
        if (names_units(e))
                return systemd_named(e, for_ever);
        if (is_noauto(e))
                return EFFECT("degraded", "Nothing at boot (noauto); the mount fails when it is "
                                          "wanted.");
        return systemd_mount(e, for_ever);
}

/* systemd in an initramfs takes the lines with x-initrd.mount, over the network or not. */
static bool initramfs_requires(const struct fstab_entry *e, const char *effect)
{
        if (!has(e, "x-initrd.mount"))
                return false;
        if (fstab_type_is(e, "swap"))
                return streq(effect, "hang");
        return strchr(e->target.value, '/') && !fstab_type_is(e, "autofs") && !is_automount(e) &&
               !names_units(e) && !is_noauto(e) && !is_nofail(e);
}

static struct fstab_effect systemd_or_initramfs(const struct fstab_entry *e, const char *option)
{
        struct fstab_effect effect;

        if (streq(option, "x-systemd.after"))
                return EFFECT("harmless",
                              "x-systemd.after= only orders: nothing waits for a device "
                              "that nobody asks for.");
        /* Options like noauto and nofail are ignored for the root, and so is x-systemd.requires=.
         */
        if (fstab_path_eq(e->target.value, "/"))
                return EFFECT("degraded", "The boot goes on, for systemd finds the root mounted "
                                          "already and does not look for this device; but programs "
                                          "that read fstab to find the root get a wrong name.");
        effect = systemd_effect(e, option);
        if (initramfs_requires(e, effect.name))
                return EFFECT("no-boot", "An initramfs with systemd mounts this file system itself "
                                         "(x-initrd.mount) and stops there without it.");
        return effect;
}

/* ---- Upstart with mountall ---- */

static struct fstab_effect mountall_effect(const struct fstab_entry *e)
{
        bool remote = is_network(e), usr_or_var = str_startswith(e->target.value, "/var");

        if (fstab_path_eq(e->target.value, "/"))
                return EFFECT("hang", "mountall waits for this device before it makes the root "
                                      "writable, and the boot never goes on.");
        if (has(e, "noauto"))
                return EFFECT("degraded", "Nothing at boot (noauto); the mount fails when it is "
                                          "wanted.");
        if (fstab_type_is(e, "swap"))
                return EFFECT("degraded", "The boot goes on without this swap.");
        if (remote && !usr_or_var && !has(e, "bootwait"))
                return EFFECT("degraded", "The boot goes on, but what is on this file system is "
                                          "missing.");
        if (has(e, "nobootwait") && !remote)
                return EFFECT("degraded", "The boot goes on (nobootwait), but what is on this file "
                                          "system is missing.");
        /* mountall knows no nofail. */
        return EFFECT("hang", "mountall waits for this device and asks on the console whether to "
                              "skip it; without nobootwait the boot never goes on.");
}

/* ---- SysV scripts ---- */

static struct fstab_effect rc_effect(enum fstab_reader reader, const struct fstab_entry *e,
                                     const char *option)
{
        bool root = fstab_path_eq(e->target.value, "/");

        if (fstab_type_is(e, "swap"))
                return EFFECT("degraded", "The boot goes on without this swap.");
        if (root && reader == FSTAB_DEBIAN_RC)
                return EFFECT("degraded", "The boot goes on, for checkroot.sh then makes a device "
                                          "node of its own; but programs that read fstab to find "
                                          "the root get a wrong name.");
        /* fsck -A looks at field 6 and nofail, not at noauto. */
        if (e->passno != 0 && !option && !fstab_has_option(e, "nofail") &&
            !(reader == FSTAB_RC_SYSINIT && fstab_has_option(e, "_netdev")))
                return EFFECT("emergency",
                              "The file system check of field 6 fails, and the machine "
                              "stops at a prompt for the root password.");
        if (fstab_has_option(e, "noauto"))
                return EFFECT("degraded", "Nothing at boot (noauto); the mount fails when it is "
                                          "wanted.");
        if (root)
                return EFFECT("degraded", "The boot goes on, but programs that read fstab to find "
                                          "the root get a wrong name.");
        return EFFECT("degraded", "The mount fails and the boot goes on; what is on this file "
                                  "system is missing.");
}

/* initramfs-tools and dracut look for /usr in fstab and heed no option of the line. */
static struct fstab_effect usr_effect(enum fstab_reader reader)
{
        if (reader == FSTAB_SYSTEMD)
                return EFFECT("no-boot",
                              "The initramfs mounts /usr itself, gives up waiting for this "
                              "device and stops in its shell.");
        return EFFECT("no-boot", "Without /usr hardly anything of the boot can start.");
}

struct fstab_effect fstab_effect_of(enum fstab_reader reader, const struct fstab_entry *e,
                                    const char *option)
{
        if (option && str_startswith(option, "x-systemd.") && reader != FSTAB_SYSTEMD)
                return EFFECT("harmless", "Only systemd reads this option.");
        if (option && str_startswith(option, "x-systemd.") && fstab_type_is(e, "swap"))
                return EFFECT("harmless", "systemd does not read this option on a swap line.");
        if (fstab_path_eq(e->target.value, "/usr") && !streq(option, "x-systemd.after"))
                return usr_effect(reader);
        if (reader == FSTAB_SYSTEMD)
                return systemd_or_initramfs(e, option);
        if (reader == FSTAB_MOUNTALL)
                return mountall_effect(e);
        return rc_effect(reader, e, option);
}

bool fstab_effect_of_failure(enum fstab_reader reader, const struct fstab_entry *e,
                             struct fstab_effect *ret)
{
        const char *name;

        if (reader == FSTAB_MOUNTALL)
                return false;
        /* Who waits for a device for ever does not wait for a mount that has failed. */
        name = reader == FSTAB_SYSTEMD ? systemd_effect(e, NULL).name : "harmless";
        if (streq(name, "emergency") || (streq(name, "hang") && !is_network(e)))
                *ret = EFFECT("emergency", "The mount fails at once, and systemd stops in "
                                           "emergency mode, without network.");
        else
                *ret = EFFECT("harmless", "The mount fails, and the boot goes on without it.");
        return true;
}
