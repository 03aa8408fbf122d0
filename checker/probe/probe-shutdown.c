/*
 * Whether a stop by the EC2 API reaches the system. On Xen it comes by xenstore, which the kernel
 * heeds by itself; Nitro presses the power button by ACPI, which somebody has to listen for:
 * systemd-logind, or acpid.
 *   https://www.freedesktop.org/software/systemd/man/logind.conf.html (HandlePowerKey=)
 *   https://github.com/plus3it/amigen7/issues/52
 */
#include "base/xalloc.h"
#include "parse/inifile.h"
#include "probe/probe.h"

#define LOGIND "systemd-logind.service"

struct shutdown {
        struct probe_context *context;
        struct facts *facts;
        char *problem_file, *problem_text; /* why logind does not listen; NULL: it does */
        size_t problem_line;
};

static void shutdown_done(struct shutdown *s)
{
        free(s->problem_file);
        free(s->problem_text);
        s->problem_file = s->problem_text = NULL;
}

static bool exists(const struct shutdown *s, const char *path)
{
        struct stat st;

        return volume_stat(s->context->volume, path, &st, NULL) > 0;
}

static void set_problem(struct shutdown *s, const char *file, size_t line, struct span text)
{
        shutdown_done(s);
        s->problem_file = xstrdup(file);
        s->problem_line = line;
        s->problem_text = span_dup(text);
}

/* ---- systemd-logind -------------------------------------------------------------------------- */

static bool has_logind(const struct shutdown *s)
{
        return exists(s, "/usr/lib/systemd/system/" LOGIND) ||
               exists(s, "/lib/systemd/system/" LOGIND);
}

static void look_at_mask(struct shutdown *s)
{
        static const char unit[] = "/etc/systemd/system/" LOGIND;
        cleanup_free char *link = NULL;

        if (volume_readlink(s->context->volume, unit, &link, NULL) > 0 &&
            str_endswith(link, "/dev/null"))
                set_problem(s, unit, 0, span_of("the unit is masked"));
}

/* A later file wins. */
static void read_conf(struct shutdown *s, const char *path)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_blob struct blob blob = { 0 };
        const struct inifile_pair *pair;
        struct err err = { 0 };
        int r = volume_read(s->context->volume, path, INIFILE_MAX, &blob, &err);

        if (r > 0)
                r = inifile_parse(blob_span(&blob), INIFILE_SYSTEMD, &ini, &err);
        if (r < 0)
                facts_unknown(s->facts, "/shutdown/listener", path, "%s", err.text);
        pair = r < 0 ? NULL : inifile_find(&ini, "Login", "HandlePowerKey");
        if (!pair)
                return;
        if (streq(pair->value, "ignore") || streq(pair->value, "lock"))
                set_problem(s, path, pair->line, pair->text);
        else
                shutdown_done(s);
}

/* One of /etc hides one of the same name elsewhere; the rest in the order of their names. */
static void read_drop_ins(struct shutdown *s)
{
        static const char *const dirs[] = { "/etc/systemd/logind.conf.d",
                                            "/usr/lib/systemd/logind.conf.d" };
        cleanup_strv struct strv names = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_strv struct strv here = { 0 };
                struct err err = { 0 };

                if (volume_list(s->context->volume, dirs[i], &here, &err) < 0)
                        facts_unknown(s->facts, "/shutdown/listener", dirs[i], "%s", err.text);
                for (size_t n = 0; n < here.n; n++)
                        if (str_endswith(here.v[n], ".conf") && !strv_contains(&names, here.v[n]))
                                strv_push(&names, here.v[n]);
        }
        strv_sort(&names);
        for (size_t n = 0; n < names.n; n++) {
                cleanup_free char *own = xasprintf("%s/%s", dirs[0], names.v[n]);
                cleanup_free char *vendor = xasprintf("%s/%s", dirs[1], names.v[n]);

                read_conf(s, exists(s, own) ? own : vendor);
        }
}

/* ---- acpid ----------------------------------------------------------------------------------- */

static bool is_started_by_rc(const struct shutdown *s)
{
        static const char *const dirs[] = { "/etc/rc3.d", "/etc/rc2.d", "/etc/rc.d/rc3.d" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_strv struct strv names = { 0 };

                volume_list(s->context->volume, dirs[i], &names, NULL);
                for (size_t n = 0; n < names.n; n++)
                        if (*names.v[n] == 'S' && str_endswith(names.v[n], "acpid"))
                                return true;
        }
        return false;
}

static bool has_acpid(const struct shutdown *s)
{
        static const char *const enabled[] = {
                "/etc/systemd/system/multi-user.target.wants/acpid.service",
                "/etc/systemd/system/sockets.target.wants/acpid.socket",
                "/etc/init/acpid.conf",
        };

        if (!exists(s, "/usr/sbin/acpid") && !exists(s, "/sbin/acpid"))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(enabled); i++)
                if (exists(s, enabled[i]))
                        return true;
        return is_started_by_rc(s);
}

/* ---------------------------------------------------------------------------------------------- */

static void run_shutdown(struct probe_context *context)
{
        _cleanup_(shutdown_done) struct shutdown s = { .context = context,
                                                       .facts = context->facts };
        const char *init = facts_str(s.facts, "/os/init"), *file, *why;
        bool acpid = has_acpid(&s), logind = streq(init, "systemd") && has_logind(&s);

        if (!init) {
                why = facts_why_unknown(s.facts, "/os/init", &file);
                facts_unknown(s.facts, "/shutdown", why ? file : NULL, "%s",
                              why ? why : "what starts the system is not known");
                return;
        }
        if (logind) {
                read_conf(&s, "/etc/systemd/logind.conf");
                read_drop_ins(&s);
                look_at_mask(&s);
        }
        if (s.problem_file)
                facts_set_evidence(s.facts, "/shutdown/logind", s.problem_file, s.problem_line,
                                   span_of(s.problem_text));
        else
                facts_set_null(s.facts, "/shutdown/logind");
        if (acpid)
                facts_set_str(s.facts, "acpid", "/shutdown/listener");
        else if (facts_why_incomplete(s.facts, "/shutdown/listener", &file))
                return;
        else
                facts_set_str(s.facts, logind && !s.problem_file ? "logind" : NULL,
                              "/shutdown/listener");
}

static const struct fact_decl shutdown_facts[] = {
        { "/shutdown/listener", FACT_STRING,
          "who hears the power button: logind or acpid; null: nobody" },
        { "/shutdown/logind", FACT_OBJECT, "why logind does not, null: it does, or is not there" },
        { "/shutdown/logind/file", FACT_STRING, "where it is written" },
        { "/shutdown/logind/line", FACT_INT, "its line" },
        { "/shutdown/logind/text", FACT_STRING, "that line, or that the unit is masked" },
        {}
};

const struct probe probe_shutdown = {
        .name = "shutdown",
        .needs = PROBE_NEEDS("os"),
        .provides = shutdown_facts,
        .run = run_shutdown,
};
