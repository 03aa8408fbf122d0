/*
 * Where the kernel's messages go and where logins are offered: console= of the command line, and
 * terminals of Xen (hvc0, xvc0) that init was told to keep a login on.
 *
 * Those that systemd's generator starts by itself follow what is there and are not looked at.
 *   https://www.freedesktop.org/software/systemd/man/systemd-getty-generator.html
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define SETTINGS     "/console/settings"
#define SETTINGS_MAX 100

/* hvc0, xvc0: the kernel of a Xen guest has them, and no other. */
static bool is_xen_terminal(const char *name)
{
        const char *number = str_after(name, "hvc");

        if (!number)
                number = str_after(name, "xvc");
        return number && ascii_isdigit(*number) && !number[strspn(number, "0123456789")];
}

/* ttyS0 of a PC, ttyAMA0 of an Arm machine. */
static bool is_serial(const char *name)
{
        return str_startswith(name, "ttyS") || str_startswith(name, "ttyAMA");
}

static char *add_setting(struct facts *f, const char *where, const char *device)
{
        char *path = xasprintf(SETTINGS "/%zu", facts_count(f, SETTINGS));

        facts_set_str(f, where, "%s/where", path);
        facts_set_str(f, device, "%s/device", path);
        return path;
}

/* ---- the command line ------------------------------------------------------------------------ */

/* "ttyS0,115200n8": the device. The caller frees it; NULL: the word is no console=. */
static char *console_of(const char *name, const char *value)
{
        if (!bootparam_is(name, "console") || !value)
                return NULL;
        return xmemdup0(value, strcspn(value, ","));
}

struct consoles {
        size_t n, elsewhere; /* named at all, and such as are there outside Xen */
        bool serial;
};

static struct consoles count_consoles(const struct facts *f)
{
        struct consoles c = { 0 };
        const char *name, *value;
        size_t at = 0;

        while (bootparam_next(f, &at, &name, &value)) {
                cleanup_free char *device = console_of(name, value);

                if (!device)
                        continue;
                c.n++;
                c.elsewhere += !is_xen_terminal(device);
                c.serial |= is_serial(device);
        }
        return c;
}

static void look_at_cmdline(struct facts *f)
{
        struct consoles c = count_consoles(f);
        const char *name, *value;
        size_t at = 0, n = 0;

        while (n < c.n && facts_count(f, SETTINGS) < SETTINGS_MAX &&
               bootparam_next(f, &at, &name, &value)) {
                cleanup_free char *device = console_of(name, value), *path = NULL;

                n += device != NULL;
                if (!device || !is_xen_terminal(device))
                        continue;
                path = add_setting(f, "cmdline", device);
                bootparam_set_evidence(f, path);
                facts_set_bool(f, n == c.n, "%s/last", path);
                facts_set_bool(f, c.elsewhere == 0, "%s/alone", path);
        }
        if (c.serial)
                facts_set_null(f, "/console/serial_missing");
        else
                bootparam_set_evidence(f, "/console/serial_missing");
}

/* ---- logins ---------------------------------------------------------------------------------- */

/* The terminal of Xen that a command names as a word of its own, "/dev/" before it or not. */
static char *find_terminal(struct span command)
{
        cleanup_free char *copy = span_dup(command);
        char *at = copy, *word;

        while ((word = strsep(&at, " \t\"'"))) {
                const char *name = str_after(word, "/dev/");

                if (is_xen_terminal(name ? name : word))
                        return xstrdup(name ? name : word);
        }
        return NULL;
}

/* "id:levels:action:process" of inittab(5); off and comments start nothing. */
static bool is_started(struct span line)
{
        cleanup_free char *copy = span_dup(line);
        char *at = copy, *field = NULL;

        if (*copy == '#')
                return false;
        for (int i = 0; i < 3 && at; i++)
                field = strsep(&at, ":");
        return at && !streq(field, "off") && strstr(at, "getty");
}

static void add_login(struct facts *f, const char *where, const char *device, const char *file,
                      size_t line, struct span text)
{
        cleanup_free char *path = NULL;

        if (facts_count(f, SETTINGS) >= SETTINGS_MAX)
                return;
        path = add_setting(f, where, device);
        facts_set_evidence(f, path, file, line, text);
        facts_set_bool(f, false, "%s/last", path);
        facts_set_bool(f, false, "%s/alone", path);
}

/* inittab, or a job of Upstart, which has one line that starts the program. */
static void look_at_file(struct probe_context *context, const char *file, bool is_inittab)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;
        int r = volume_read(context->volume, file, VOLUME_CONFIG_MAX, &blob, &err);

        if (r < 0)
                facts_unknown(context->facts, SETTINGS, file, "%s", err.text);
        if (r <= 0)
                return;
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line)) {
                cleanup_free char *device = NULL, *text = span_dup(line.text);
                const char *exec = str_after(text, "exec ");

                if (is_inittab && is_started(line.text))
                        device = find_terminal(span_of(strrchr(text, ':') + 1));
                else if (!is_inittab && exec && strstr(exec, "getty"))
                        device = find_terminal(span_of(exec));
                if (device)
                        add_login(context->facts, is_inittab ? "inittab" : "upstart", device, file,
                                  line.number, line.text);
        }
}

/* Only jobs that are called after such a terminal are read. */
static void look_at_jobs(struct probe_context *context, const char *dir)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, dir, &names, &err) < 0)
                facts_unknown(context->facts, SETTINGS, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);

                if (str_startswith(names.v[i], "hvc") || str_startswith(names.v[i], "xvc"))
                        look_at_file(context, path, false);
        }
}

/* serial-getty@hvc0.service, enabled. */
static void look_at_units(struct probe_context *context, const char *dir)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, dir, &names, &err) < 0)
                facts_unknown(context->facts, SETTINGS, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
                const char *at = strstr(names.v[i], "getty@");
                cleanup_free char *device = at ? xstrdup(at + strlen("getty@")) : NULL;

                if (!device || !str_endswith(device, ".service"))
                        continue;
                device[strlen(device) - strlen(".service")] = '\0';
                if (is_xen_terminal(device))
                        add_login(context->facts, "systemd", device, path, 0,
                                  span_of("it is enabled"));
        }
}

/* ---------------------------------------------------------------------------------------------- */

static void run_console(struct probe_context *context)
{
        static const char wants[] = "/etc/systemd/system/getty.target.wants";
        static const char users[] = "/etc/systemd/system/multi-user.target.wants";
        struct facts *f = context->facts;
        cleanup_free char *why = NULL;
        const char *file, *init = facts_str(f, "/os/init");

        facts_set_array(f, SETTINGS);
        if (bootparam_known(f, &why, &file)) {
                look_at_cmdline(f);
        } else {
                facts_unknown(f, SETTINGS, file, "%s", why);
                facts_unknown(f, "/console/serial_missing", file, "%s", why);
        }
        if (streq(init, "systemd")) {
                look_at_units(context, wants);
                look_at_units(context, users);
                return;
        }
        look_at_file(context, "/etc/inittab", true);
        look_at_jobs(context, "/etc/init");
        look_at_jobs(context, "/etc/event.d");
}

static const struct fact_decl console_facts[] = {
        { SETTINGS, FACT_ARRAY, "terminals of Xen: consoles of the kernel, and logins" },
        { SETTINGS "/*/file", FACT_STRING, "where it is written" },
        { SETTINGS "/*/line", FACT_INT, "its line" },
        { SETTINGS "/*/text", FACT_STRING, "that line" },
        { SETTINGS "/*/where", FACT_STRING, "cmdline, inittab, upstart or systemd" },
        { SETTINGS "/*/device", FACT_STRING, "as hvc0" },
        { SETTINGS "/*/last", FACT_BOOL, "the last console of the command line: /dev/console" },
        { SETTINGS "/*/alone", FACT_BOOL, "the command line names none that is there on Nitro" },
        { "/console/serial_missing", FACT_OBJECT,
          "the command line without a serial console, null: it names one" },
        { "/console/serial_missing/file", FACT_STRING, "where it is written" },
        { "/console/serial_missing/line", FACT_INT, "its line" },
        { "/console/serial_missing/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_console = {
        .name = "console",
        .needs = PROBE_NEEDS("os", "boot"),
        .provides = console_facts,
        .run = run_console,
};
