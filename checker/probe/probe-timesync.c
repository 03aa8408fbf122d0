/*
 * The services that keep the clock right: which of them systemd or init starts, and whether their
 * configuration names a source that there is on Nitro.
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/set-time.html: 169.254.169.123 answers on
 *   every type; the clock of an ENA card (/dev/ptp0) is there on some types of Nitro, when the
 *   driver is told phc_enable=1
 *   https://chrony-project.org/documentation.html, chrony.conf(5); ntp.conf(5); timesyncd.conf(5),
 *   whose servers are built in when none is named
 */
#include <fnmatch.h>
#include <stdio.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/netlook.h"
#include "probe/probe.h"

#define TIMESYNC_FILES_MAX 64
#define TIMESYNC_DEPTH_MAX 4 /* files that include files */

struct daemon {
        const char *name;
        const char *const *units, *const *scripts; /* scripts: their names in /etc/rc*.d, globs */
        const char *const *configs;                /* the first that is there; NULL: needs none */
};

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct daemon daemons[] = {
        { "chrony", LIST("chronyd.service", "chrony.service"),
          LIST("S[0-9][0-9]chrony", "S[0-9][0-9]chronyd"),
          LIST("/etc/chrony/chrony.conf", "/etc/chrony.conf") },
        { "ntpd", LIST("ntpd.service", "ntp.service", "ntpsec.service"),
          LIST("S[0-9][0-9]ntp", "S[0-9][0-9]ntpd"),
          LIST("/etc/ntpsec/ntp.conf", "/etc/ntp.conf") },
        { "openntpd", LIST("openntpd.service"), LIST("S[0-9][0-9]openntpd"),
          LIST("/etc/openntpd/ntpd.conf") },
        { "systemd-timesyncd", LIST("systemd-timesyncd.service"), LIST("-"), NULL },
};

/* What the configuration of one daemon says. */
struct sources {
        struct netlook *look;
        size_t files;
        bool any, later; /* later: it reads files that DHCP writes */
        char *file;      /* of the first source, or of the clock of the card */
        size_t line;
        char *text;
        bool card;
        struct netreason reason;
};

static void sources_done(struct sources *s)
{
        free(s->file);
        free(s->text);
        netreason_done(&s->reason);
}
#define cleanup_sources _cleanup_(sources_done)

static void note(struct sources *s, const char *path, const struct line *line, bool card)
{
        bool first = !s->any;

        s->any = true;
        if (!first && (s->card || !card))
                return;
        s->card = card;
        free(s->file);
        free(s->text);
        s->file = xstrdup(path);
        s->line = line->number;
        s->text = span_dup(line_strip(line->text));
}

static bool is_word(const char *word, const char *const *words)
{
        for (; *words; words++)
                if (strcasecmp(word, *words) == 0)
                        return true;
        return false;
}

static void read_config(struct sources *s, const char *path, int depth);

static void read_dir(struct sources *s, const char *dir, const char *pattern, int depth)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (str_startswith(dir, "/run/") || str_startswith(dir, "/var/run/")) {
                s->later = true;
                return;
        }
        if (volume_list(s->look->volume, dir, &names, &err) < 0)
                netreason_set(&s->reason, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);

                if (fnmatch(pattern, names.v[i], FNM_PERIOD) == 0)
                        read_config(s, path, depth + 1);
        }
}

static void read_included(struct sources *s, const char *pattern, int depth)
{
        cleanup_free char *dir = xstrdup(pattern);
        char *slash = strrchr(dir, '/');

        if (!slash || slash == dir)
                return;
        *slash = '\0';
        read_dir(s, dir, slash + 1, depth);
}

/* One line of chrony.conf, ntp.conf or ntpd.conf: what they have in common, and chrony's files. */
static void read_line(struct sources *s, const char *path, const struct line *line, int depth)
{
        cleanup_free char *text = span_dup(line_strip(line->text));
        char *rest = text, *word = strsep(&rest, " \t"), *argument;

        if (rest)
                rest += strspn(rest, " \t");
        if (!*word || strchr("#!;%", *word) || !rest || !*rest)
                return;
        if (is_word(word, LIST("server", "servers", "pool", "peer", "refclock", "sensor")))
                note(s, path, line,
                     strcasecmp(word, "refclock") == 0 && strncasecmp(rest, "PHC", 3) == 0);
        else if (is_word(word, LIST("include", "includefile")))
                read_included(s, rest, depth);
        else if (is_word(word, LIST("confdir", "sourcedir")))
                while ((argument = strsep(&rest, " \t")))
                        if (*argument)
                                read_dir(s, argument, *word == 'c' ? "*.conf" : "*.sources", depth);
}

static void read_config(struct sources *s, const char *path, int depth)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;
        int r;

        if (depth > TIMESYNC_DEPTH_MAX || s->files++ >= TIMESYNC_FILES_MAX) {
                netreason_set(&s->reason, path, "too many files include one another");
                return;
        }
        r = volume_read(s->look->volume, path, VOLUME_CONFIG_MAX, &blob, &err);
        if (r < 0)
                netreason_set(&s->reason, path, "%s", err.text);
        lines = lines_of(blob_span(&blob));
        while (r > 0 && lines_next(&lines, &line))
                read_line(s, path, &line, depth);
}

/* ---- which of them runs ---- */

static bool has_unit(struct netlook *l, const char *unit)
{
        cleanup_free char *usr = xasprintf("/usr/lib/systemd/system/%s", unit);
        cleanup_free char *lib = xasprintf("/lib/systemd/system/%s", unit);

        return netlook_has(l, usr) || netlook_has(l, lib);
}

static bool is_started(struct netlook *l, const struct daemon *d)
{
        static const char *const dirs[] = { "/etc/rc.d/rc3.d", "/etc/rc3.d", "/etc/rc2.d",
                                            "/etc/init.d/rc3.d" };
        bool units = false;

        for (size_t i = 0; d->units[i]; i++) {
                if (netlook_enabled(l, d->units[i]))
                        return true;
                units |= has_unit(l, d->units[i]);
        }
        /* systemd takes no script where there is a unit. */
        for (size_t i = 0; !units && i < ARRAY_SIZE(dirs); i++)
                for (size_t s = 0; d->scripts[s]; s++) {
                        cleanup_free char *script = netlook_find(l, dirs[i], d->scripts[s]);

                        if (script)
                                return true;
                }
        return false;
}

static const char *find_config(struct netlook *l, const struct daemon *d)
{
        for (size_t i = 0; d->configs && d->configs[i]; i++)
                if (netlook_has(l, d->configs[i]))
                        return d->configs[i];
        return NULL;
}

static void publish_state(struct facts *f, const char *at, const struct sources *s)
{
        cleanup_free char *path = xasprintf("%s/state", at);

        if (s->card)
                facts_set_str(f, "card", "%s", path);
        else if (s->any || s->later)
                facts_set_str(f, "good", "%s", path);
        else if (s->reason.text)
                facts_unknown(f, path, s->reason.file, "%s", s->reason.text);
        else
                facts_set_str(f, "no-source", "%s", path);
}

static void publish(struct netlook *l, const struct daemon *d)
{
        cleanup_sources struct sources s = { .look = l };
        cleanup_free char *at =
                xasprintf("/timesync/services/%zu", facts_count(l->facts, "/timesync/services"));
        const char *config = find_config(l, d);

        if (config)
                read_config(&s, config, 0);
        else if (d->configs)
                netreason_set(&s.reason, d->configs[0], "its configuration is not there");
        else
                s.any = true;
        facts_set_str(l->facts, d->name, "%s/name", at);
        if (s.file)
                facts_set_evidence(l->facts, at, s.file, s.line, span_of(s.text));
        else if (config && !s.reason.text)
                facts_set_evidence(l->facts, at, config, 0,
                                   s.later ? SPAN("its sources are those that DHCP names")
                                           : SPAN("names no source of time"));
        publish_state(l->facts, at, &s);
}

static void run_timesync(struct probe_context *context)
{
        struct netlook l = { .volume = context->volume, .facts = context->facts };

        facts_set_array(l.facts, "/timesync/services");
        for (size_t i = 0; i < ARRAY_SIZE(daemons); i++)
                if (is_started(&l, &daemons[i]))
                        publish(&l, &daemons[i]);
        if (l.reason.text)
                facts_unknown(l.facts, "/timesync/services", l.reason.file, "%s", l.reason.text);
        netreason_done(&l.reason);
}

static const struct fact_decl timesync_facts[] = {
        { "/timesync/services", FACT_ARRAY, "services started at boot that set the clock" },
        { "/timesync/services/*/name", FACT_STRING, "chrony, ntpd, openntpd, systemd-timesyncd" },
        { "/timesync/services/*/state", FACT_STRING,
          "good, no-source, or card: it wants the clock of a network card" },
        { "/timesync/services/*/file", FACT_STRING, "where its first source is named" },
        { "/timesync/services/*/line", FACT_INT, "its line" },
        { "/timesync/services/*/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_timesync = {
        .name = "timesync",
        .provides = timesync_facts,
        .run = run_timesync,
};
