/* Which distribution this is, and which init starts it. */
#include "base/xalloc.h"
#include "parse/releasefile.h"
#include "probe/probe.h"

#define OSRELEASE_MAX  (64u << 10)
#define INIT_LINKS_MAX 8

static const char *const paths[] = { "/etc/os-release", "/usr/lib/os-release" };

/* The more special first: Oracle's redhat-release says Red Hat, and Ubuntu has a debian_version. */
static const char *const old_paths[] = { "/etc/oracle-release", "/etc/centos-release",
                                         "/etc/redhat-release", "/etc/system-release",
                                         "/etc/SuSE-release",   "/etc/debian_version" };

static void publish_names(struct facts *f, const struct osrelease *o)
{
        facts_set_str(f, o->id, "/os/id");
        facts_set_str(f, o->version_id, "/os/version_id");
        facts_set_str(f, o->pretty_name, "/os/name");
}

static void publish_release(struct probe_context *context, const char *path, struct span text)
{
        cleanup_osrelease struct osrelease o = { 0 };

        osrelease_parse(text, &o);
        if (o.odd_line > 0)
                facts_problem(context->facts, path, "line %zu is not understood", o.odd_line);
        publish_names(context->facts, &o);
}

/* Systems from before os-release. True: known, or said why not. */
static bool look_at_old_files(struct probe_context *context)
{
        for (size_t i = 0; i < ARRAY_SIZE(old_paths); i++) {
                cleanup_osrelease struct osrelease o = { 0 };
                cleanup_blob struct blob blob = { 0 };
                struct err err = { 0 };
                int r = volume_read(context->volume, old_paths[i], OSRELEASE_MAX, &blob, &err);

                if (r < 0) {
                        facts_unknown(context->facts, "/os", old_paths[i], "%s", err.text);
                        return true;
                }
                if (r > 0 && releasefile_parse(blob_span(&blob), &o)) {
                        publish_names(context->facts, &o);
                        return true;
                }
        }
        return false;
}

static void look_at_release(struct probe_context *context)
{
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                cleanup_blob struct blob blob = { 0 };
                struct err err = { 0 };
                int r = volume_read(context->volume, paths[i], OSRELEASE_MAX, &blob, &err);

                if (r > 0) {
                        publish_release(context, paths[i], blob_span(&blob));
                        return;
                }
                if (r < 0) {
                        facts_unknown(context->facts, "/os", paths[i], "%s", err.text);
                        return;
                }
        }
        if (!look_at_old_files(context))
                facts_unknown(context->facts, "/os", paths[0],
                              "there is no os-release file; the distribution is not known");
}

static bool is_there(struct probe_context *context, const char *path)
{
        struct stat st;

        return volume_stat(context->volume, path, &st, NULL) > 0;
}

/* What a link at `path` leads to, one step, as a path of the volume. */
static char *join_link(const char *path, const char *target)
{
        const char *slash = strrchr(path, '/');

        if (target[0] == '/')
                return xstrdup(target);
        return xasprintf("%.*s/%s", (int)(slash - path), path, target);
}

/* The path of the file /sbin/init is in the end: "/sbin/../lib/systemd/systemd". */
static char *follow_init(struct probe_context *context)
{
        char *path = xstrdup("/sbin/init");

        for (size_t i = 0; i < INIT_LINKS_MAX; i++) {
                cleanup_free char *target = NULL;
                char *next;

                if (volume_readlink(context->volume, path, &target, NULL) <= 0)
                        return path;
                next = join_link(path, target);
                free(path);
                path = next;
        }
        return path;
}

static const char *recognise_init(struct probe_context *context, const char *program)
{
        const char *name = strrchr(program, '/') + 1;

        if (streq(name, "systemd"))
                return "systemd";
        if (streq(name, "upstart"))
                return "upstart";
        if (!streq(name, "init"))
                return NULL;
        /* Red Hat's Upstart has an inittab, too. */
        if (is_there(context, "/sbin/initctl") && is_there(context, "/etc/init"))
                return "upstart";
        if (is_there(context, "/etc/inittab"))
                return "sysvinit";
        return NULL;
}

static void look_at_init(struct probe_context *context)
{
        cleanup_free char *program = follow_init(context);
        struct err err = { 0 };
        struct stat st;
        const char *init;
        int r = volume_stat(context->volume, "/sbin/init", &st, &err);

        if (r < 0) {
                facts_unknown(context->facts, "/os/init", "/sbin/init", "%s", err.text);
                return;
        }
        if (r == 0) {
                facts_unknown(
                        context->facts, "/os/init", "/sbin/init",
                        "there is no /sbin/init, or it leads nowhere; is this a root volume?");
                return;
        }
        init = recognise_init(context, program);
        if (init)
                facts_set_str(context->facts, init, "/os/init");
        else
                facts_unknown(context->facts, "/os/init", "/sbin/init",
                              "it is %s, which is none of systemd, Upstart and SysV init", program);
}

static void run_os(struct probe_context *context)
{
        look_at_release(context);
        look_at_init(context);
}

static const struct fact_decl os_facts[] = {
        { "/os/id", FACT_STRING, "ID of os-release, as debian" },
        { "/os/version_id", FACT_STRING, "VERSION_ID of os-release, as 12" },
        { "/os/name", FACT_STRING, "PRETTY_NAME of os-release" },
        { "/os/init", FACT_STRING, "systemd, upstart or sysvinit" },
        {}
};

const struct probe probe_os = {
        .name = "os",
        .provides = os_facts,
        .run = run_os,
};
