/*
 * Whether a machine that runs on Nitro arrived there well: what it was given, seen in /sys and
 * /proc. Nothing of this is known of a volume, and it concerns no machine that has not moved.
 */
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/mountinfo.h"
#include "probe/probe.h"
#include "probe/sysfs.h"

#define CARDS_MAX 100
#define DISKS_MAX 200

#define EBS_MODEL "Amazon Elastic Block Store"
/* Seconds; what nvme-io-timeout takes for long enough before the move, too. */
#define TIMEOUT_ENOUGH 240

struct arrival {
        const struct volume *volume;
        struct facts *facts;
        struct mountinfo mounts;
        bool mounts_known;
};

/* ---- mounts ---------------------------------------------------------------------------------- */

static void read_mounts(struct arrival *a)
{
        static const char file[] = "/proc/self/mountinfo";
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        int r = volume_read(a->volume, file, MOUNTINFO_FILE_MAX, &text, &err);

        if (r == 0)
                err_set(&err, 0, "/proc is not mounted");
        if (r > 0)
                r = mountinfo_parse(blob_span(&text), &a->mounts, &err) == 0;
        a->mounts_known = r > 0;
        if (!a->mounts_known) {
                facts_unknown(a->facts, "/after/root", file, "%s", err.text);
                facts_unknown(a->facts, "/after/mounts", file, "%s", err.text);
        }
}

/* The last mount there is the one that is seen; slashes at the end mean nothing. */
static const struct mountinfo_entry *find_mount(const struct arrival *a, const char *target)
{
        size_t n = strlen(target);

        while (n > 1 && target[n - 1] == '/')
                n--;
        for (size_t i = a->mounts.n; i > 0; i--) {
                const struct mountinfo_entry *e = &a->mounts.v[i - 1];

                if (strlen(e->target) == n && !memcmp(e->target, target, n))
                        return e;
        }
        return NULL;
}

/* Behind dm, md and the like the disk is not told by the name. */
static void publish_root(struct arrival *a)
{
        const struct mountinfo_entry *root = find_mount(a, "/");
        const char *name = root ? str_after(root->source, "/dev/") : NULL;

        if (!root) {
                facts_unknown(a->facts, "/after/root", NULL, "nothing is mounted at /");
                return;
        }
        facts_set_str(a->facts, root->source, "/after/root/source");
        if (name && str_startswith(name, "nvme"))
                facts_set_bool(a->facts, true, "/after/root/nvme");
        else if (name && (str_startswith(name, "xvd") || str_startswith(name, "sd")))
                facts_set_bool(a->facts, false, "/after/root/nvme");
        else
                facts_unknown(a->facts, "/after/root/nvme", NULL,
                              "the root file system is on %s, which does not tell the disk",
                              root->source);
}

static bool has_word(const char *list, const char *word)
{
        size_t n = strlen(word);

        for (const char *p = list; p; p = strchr(p, ','), p += p != NULL)
                if (!strncmp(p, word, n) && (p[n] == ',' || p[n] == '\0'))
                        return true;
        return false;
}

/* Lines that are for nobody at boot are left out. */
static void publish_mount(struct arrival *a, size_t i)
{
        const char *keys[] = { "target", "type", "options" }, *values[ARRAY_SIZE(keys)];
        size_t n = facts_count(a->facts, "/after/mounts");
        cleanup_free char *entry = xasprintf("/fstab/entries/%zu", i);
        cleanup_free char *element = xasprintf("/after/mounts/%zu", n);

        for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                cleanup_free char *path = xasprintf("%s/%s", entry, keys[k]);

                values[k] = facts_str(a->facts, path);
        }
        if (!values[0] || values[0][0] != '/' || streq(values[1], "swap") ||
            (values[2] && has_word(values[2], "noauto")))
                return;
        for (const char *const *key =
                     (const char *const[]){ "file", "line", "text", "target", "source", NULL };
             *key; key++) {
                cleanup_free char *from = xasprintf("%s/%s", entry, *key);
                cleanup_free char *to = xasprintf("%s/%s", element, *key);

                facts_copy(a->facts, to, a->facts, from);
        }
        facts_set_bool(a->facts, find_mount(a, values[0]) != NULL, "%s/mounted", element);
}

static void publish_mounts(struct arrival *a)
{
        const char *file, *why = facts_why_unknown(a->facts, "/fstab/entries", &file);

        facts_set_array(a->facts, "/after/mounts");
        if (why)
                facts_unknown(a->facts, "/after/mounts", file, "%s", why);
        for (size_t i = 0, n = facts_count(a->facts, "/fstab/entries"); i < n; i++)
                publish_mount(a, i);
}

/* ---- network --------------------------------------------------------------------------------- */

/* Of the first card the probe of the network knows more: what goes by driver or MAC address. */
static bool is_configured(const struct arrival *a, const char *name)
{
        if (streq(name, facts_str(a->facts, "/network/nitro_name")) &&
            facts_bool(a->facts, "/network/covered", false))
                return true;
        for (size_t i = 0, n = facts_count(a->facts, "/network/configured"); i < n; i++) {
                cleanup_free char *path = xasprintf("/network/configured/%zu/name", i);
                const char *pattern = facts_str(a->facts, path);

                if (pattern && fnmatch(pattern, name, 0) == 0)
                        return true;
        }
        return false;
}

/* What has a device below it is a card; bridges, tunnels and lo have none. */
static void publish_card(struct arrival *a, const char *name)
{
        size_t n = facts_count(a->facts, "/after/cards");
        cleanup_free char *dir = xasprintf("/sys/class/net/%s", name);
        cleanup_free char *link = xasprintf("%s/device/driver", dir);
        cleanup_free char *state = xasprintf("%s/operstate", dir);
        cleanup_free char *driver = sysfs_link_name(a->volume, link);
        cleanup_free char *up = sysfs_word(a->volume, state);
        cleanup_free char *element = xasprintf("/after/cards/%zu", n);
        cleanup_free char *configured = xasprintf("%s/configured", element);
        const char *file, *why = facts_why_unknown(a->facts, "/network/configured", &file);

        if (driver && n >= CARDS_MAX)
                facts_unknown(a->facts, "/after/cards", NULL, "there are more than %d cards",
                              CARDS_MAX);
        if (!driver || n >= CARDS_MAX)
                return;
        facts_set_str(a->facts, name, "%s/name", element);
        facts_set_str(a->facts, driver, "%s/driver", element);
        facts_set_bool(a->facts, streq(up, "up"), "%s/up", element);
        if (is_configured(a, name))
                facts_set_bool(a->facts, true, "%s", configured);
        else if (why)
                facts_unknown(a->facts, configured, file, "%s", why);
        else
                facts_set_bool(a->facts, false, "%s", configured);
}

static void publish_cards(struct arrival *a)
{
        cleanup_free char *version = sysfs_word(a->volume, "/sys/module/ena/version");
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };
        int r = volume_list(a->volume, "/sys/class/net", &names, &err);

        facts_set_str(a->facts, version, "/after/ena_version");
        if (r <= 0) {
                facts_unknown(a->facts, "/after/cards", "/sys/class/net", "%s",
                              r < 0 ? err.text : "there is no such directory");
                return;
        }
        facts_set_array(a->facts, "/after/cards");
        for (size_t i = 0; i < names.n; i++)
                publish_card(a, names.v[i]);
}

/* ---- clock and disks ------------------------------------------------------------------------- */

static void publish_clock(struct arrival *a)
{
        static const char file[] =
                "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        cleanup_free char *clock = sysfs_word(a->volume, file);

        if (clock)
                facts_set_str(a->facts, clock, "/after/clocksource");
        else
                facts_unknown(a->facts, "/after/clocksource", file, "it cannot be read");
}

/* The queue's own (milliseconds, since Linux 5.1), or else what the driver was told (seconds). */
static bool find_timeout(const struct arrival *a, const char *disk, uint64_t *ret_seconds)
{
        cleanup_free char *file = xasprintf("/sys/block/%s/queue/io_timeout", disk);
        cleanup_free char *queue = sysfs_word(a->volume, file);
        cleanup_free char *core =
                sysfs_word(a->volume, "/sys/module/nvme_core/parameters/io_timeout");
        uint64_t n;

        if (queue && str_to_u64(span_of(queue), &n) == 0) {
                *ret_seconds = n / 1000;
                return true;
        }
        return core && str_to_u64(span_of(core), ret_seconds) == 0;
}

static void publish_disk(struct arrival *a, const char *name)
{
        size_t n = facts_count(a->facts, "/after/disks");
        cleanup_free char *file = xasprintf("/sys/block/%s/device/model", name);
        cleanup_free char *model = sysfs_word(a->volume, file);
        cleanup_free char *element = xasprintf("/after/disks/%zu", n);
        uint64_t seconds;

        if (streq(model, EBS_MODEL) && n >= DISKS_MAX)
                facts_unknown(a->facts, "/after/disks", NULL, "there are more than %d EBS volumes",
                              DISKS_MAX);
        if (!streq(model, EBS_MODEL) || n >= DISKS_MAX)
                return;
        facts_set_str(a->facts, name, "%s/name", element);
        if (find_timeout(a, name, &seconds)) {
                facts_set_int(a->facts, (int64_t)(seconds > INT32_MAX ? INT32_MAX : seconds),
                              "%s/timeout", element);
                facts_set_bool(a->facts, seconds >= TIMEOUT_ENOUGH, "%s/enough", element);
        } else {
                facts_unknown(a->facts, element, NULL, "neither %s's queue nor the driver shows it",
                              name);
        }
}

static void publish_disks(struct arrival *a)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };
        int r = volume_list(a->volume, "/sys/block", &names, &err);

        if (r <= 0) {
                facts_unknown(a->facts, "/after/disks", "/sys/block", "%s",
                              r < 0 ? err.text : "there is no such directory");
                return;
        }
        facts_set_array(a->facts, "/after/disks");
        for (size_t i = 0; i < names.n; i++)
                publish_disk(a, names.v[i]);
}

static void run_arrival(struct probe_context *context)
{
        struct arrival a = { .volume = context->volume, .facts = context->facts };
        const char *hypervisor = facts_str(context->facts, "/platform/hypervisor"), *file, *why;

        if (volume_mode(context->volume) != VOLUME_LIVE ||
            (hypervisor && !streq(hypervisor, "nitro"))) {
                facts_set_bool(a.facts, false, "/after/arrived");
                return;
        }
        why = facts_why_unknown(a.facts, "/platform/hypervisor", &file);
        if (!hypervisor) {
                facts_unknown(a.facts, "/after", file, "%s",
                              why ? why : "it is not known what this machine runs on");
                return;
        }
        facts_set_bool(a.facts, true, "/after/arrived");
        read_mounts(&a);
        if (a.mounts_known) {
                publish_root(&a);
                publish_mounts(&a);
        }
        publish_cards(&a);
        publish_clock(&a);
        publish_disks(&a);
        mountinfo_done(&a.mounts);
}

static const struct fact_decl arrival_facts[] = {
        { "/after/arrived", FACT_BOOL, "it is the running machine, and it runs on Nitro" },
        { "/after/root", FACT_OBJECT, "what is mounted at /" },
        { "/after/root/source", FACT_STRING, "its device" },
        { "/after/root/nvme", FACT_BOOL, "that is an NVMe disk" },
        { "/after/mounts", FACT_ARRAY, "lines of /etc/fstab that mount something at boot" },
        { "/after/mounts/*/file", FACT_STRING, "/etc/fstab" },
        { "/after/mounts/*/line", FACT_INT, "its line" },
        { "/after/mounts/*/text", FACT_STRING, "that line" },
        { "/after/mounts/*/target", FACT_STRING, "mount point" },
        { "/after/mounts/*/source", FACT_STRING, "field 1" },
        { "/after/mounts/*/mounted", FACT_BOOL, "something is mounted there now" },
        { "/after/cards", FACT_ARRAY, "network cards" },
        { "/after/cards/*/name", FACT_STRING, "name of the interface" },
        { "/after/cards/*/driver", FACT_STRING, "its driver, as ena" },
        { "/after/cards/*/up", FACT_BOOL, "it is up and has a link" },
        { "/after/cards/*/configured", FACT_BOOL, "some configuration brings it up at boot" },
        { "/after/ena_version", FACT_STRING,
          "of the ENA driver that is loaded; null: it came with a kernel that gives it none" },
        { "/after/clocksource", FACT_STRING, "the one in use" },
        { "/after/disks", FACT_ARRAY, "EBS volumes attached" },
        { "/after/disks/*/name", FACT_STRING, "its name now, as nvme0n1" },
        { "/after/disks/*/timeout", FACT_INT, "seconds after which a request is given up" },
        { "/after/disks/*/enough", FACT_BOOL, "that is long enough for EBS" },
        {}
};

const struct probe probe_arrival = {
        .name = "arrival",
        .needs = PROBE_NEEDS("fstab", "network", "platform"),
        .provides = arrival_facts,
        .run = run_arrival,
};
