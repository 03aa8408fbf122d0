/* What several verbs share. */
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "ec2/ec2.h"
#include "probe/probe.h"

int cmd_fail(int exit_code, const char *fmt, ...)
{
        va_list ap;

        fputs("xen2nitro: ", stderr);
        va_start(ap, fmt);
        vfprintf(stderr, fmt, ap);
        va_end(ap);
        fputc('\n', stderr);
        return exit_code;
}

char *cmd_hint(const char *name, const struct strv *candidates)
{
        size_t best = SIZE_MAX, at = 0;

        for (size_t i = 0; i < candidates->n; i++) {
                size_t distance = str_distance(name, candidates->v[i]);

                if (distance < best)
                        best = distance, at = i;
        }
        /* A third of the name wrong is a slip, more is another word. */
        if (best <= 1 + strlen(name) / 3)
                return xasprintf(", did you mean \"%s\"?", candidates->v[at]);
        return xstrdup("");
}

/* Into a new file beside it, then renamed over: readers see the old bytes or the new ones. */
static int write_file(const char *path, struct span text)
{
        cleanup_free char *temporary = xasprintf("%s.XXXXXX", path);
        cleanup_fd int fd = mkostemp(temporary, O_CLOEXEC);
        mode_t mask = umask(0);
        int r;

        umask(mask);
        if (fd < 0)
                return -errno;
        r = fd_write_all(fd, text.data, text.len);
        if (r == 0 && (fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0))
                r = -errno;
        if (r == 0 && rename(temporary, path) < 0)
                r = -errno;
        if (r < 0)
                unlink(temporary);
        return r;
}

int cmd_write_output(const char *path, struct span text)
{
        struct stat st;
        int r;

        if (!path || streq(path, "-"))
                r = fd_write_all(STDOUT_FILENO, text.data, text.len);
        else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
                r = -EEXIST; /* never rename over a device or a FIFO */
        else
                r = write_file(path, text);
        if (r == -EEXIST)
                return cmd_fail(EXIT_INCOMPLETE, "%s: not a regular file, nothing was written",
                                path);
        if (r < 0)
                return cmd_fail(EXIT_INCOMPLETE, "%s: cannot write: %s", path ? path : "stdout",
                                strerror(-r));
        return EXIT_READY;
}

int cmd_load_rules(const struct options *options, struct ruleset **ret)
{
        struct err err = { 0 };

        if (ruleset_load(RULESET_LOCAL_DIR, &options->rules, ret, &err) < 0)
                return cmd_fail(EXIT_USAGE, "rules: %s", err.text);
        return EXIT_READY;
}

int cmd_check_rule_names(const struct ruleset *set, const struct strv *names, const char *option)
{
        cleanup_strv struct strv known = { 0 };

        for (size_t i = 0; i < ruleset_count(set); i++)
                strv_push(&known, ruleset_get(set, i)->id);
        for (size_t i = 0; i < names->n; i++) {
                cleanup_free char *hint = NULL;

                if (ruleset_find(set, names->v[i]))
                        continue;
                hint = cmd_hint(names->v[i], &known);
                return cmd_fail(EXIT_USAGE, "--%s: no rule \"%s\"%s", option, names->v[i], hint);
        }
        return EXIT_READY;
}

/* A file of the user, not of a volume. */
static int read_file(const char *path, size_t max, struct blob *ret)
{
        cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return -errno;
        return fd_read_all(fd, max, ret);
}

static int load_facts(const char *path, struct facts **ret)
{
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        int r = read_file(path, FACTS_FILE_MAX, &text);

        if (r < 0)
                return cmd_fail(EXIT_USAGE, "%s: %s", path, strerror(-r));
        if (facts_load(blob_span(&text), ret, &err) < 0)
                return cmd_fail(EXIT_USAGE, "%s: %s", path, err.text);
        return EXIT_READY;
}

static int add_blkid_file(struct blkids *blkids, const char *path)
{
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        int r = read_file(path, BLKID_FILE_MAX, &text);

        if (r < 0)
                return cmd_fail(EXIT_USAGE, "%s: %s", path, strerror(-r));
        if (blkids_add_file(blkids, blob_span(&text), &err) < 0)
                return cmd_fail(EXIT_USAGE, "%s: %s", path, err.text);
        return EXIT_READY;
}

static void show_progress(const char *what, uint64_t done, uint64_t total)
{
        unsigned percent = total ? (unsigned)(100 * done / total) : 100;
        static unsigned shown = 101;

        if (done < total && percent == shown)
                return;
        shown = percent;
        if (done < total)
                fprintf(stderr, "\r\033[K%.60s: %u%%", what, percent);
        else
                fputs("\r\033[K", stderr);
}

static bool is_mode(const char *word)
{
        return streq(word, "resize") || streq(word, "clone");
}

/* One that no x86 machine can be is refused, too. */
static int check_type(const char *option, const char *name, struct ec2_type *ret)
{
        cleanup_strv struct strv nearest = { 0 };
        cleanup_free char *hint = NULL;

        if (ec2_type_find(name, ret) == 0) {
                ec2_type_nearest(name, &nearest);
                hint = cmd_hint(name, &nearest);
                return cmd_fail(EXIT_USAGE, "--%s: no instance type \"%s\" is known%s", option,
                                name, hint);
        }
        if (!strv_contains(&ret->arch, "x86_64"))
                return cmd_fail(EXIT_USAGE,
                                "--%s: %s does not run x86_64, which all Xen-based types are",
                                option, name);
        return EXIT_READY;
}

/* A verdict on a move that nobody can make, or that is none, would be idle. */
static int check_move(const struct options *options)
{
        cleanup_ec2_type struct ec2_type source = { 0 }, target = { 0 };
        int r = EXIT_READY;

        if (options->mode && !is_mode(options->mode))
                return cmd_fail(EXIT_USAGE, "--mode: \"%s\" is not resize or clone", options->mode);
        if (options->source)
                r = check_type("source", options->source, &source);
        if (r == EXIT_READY && options->target)
                r = check_type("target", options->target, &target);
        if (r == EXIT_READY && streq(target.hypervisor, "xen"))
                r = cmd_fail(EXIT_USAGE,
                             "--target: %s is Xen-based; name the Nitro-based type to move to",
                             target.name);
        return r;
}

int cmd_open_subject(const struct options *options, struct cmd_subject *ret)
{
        cleanup_subject struct cmd_subject s = { 0 };
        struct err err = { 0 };

        if (check_move(options) != EXIT_READY)
                return EXIT_USAGE;
        if (volume_open(options->root ? options->root : "/",
                        options->root ? VOLUME_OFFLINE : VOLUME_LIVE, &s.volume, &err) < 0)
                return cmd_fail(EXIT_USAGE, "%s", err.text);
        s.blkids = blkids_collect(s.volume, &s.problems);
        if (options->blkid && add_blkid_file(s.blkids, options->blkid) != EXIT_READY)
                return EXIT_USAGE;
        *ret = s;
        s = (struct cmd_subject){ 0 };
        return EXIT_READY;
}

void cmd_subject_done(struct cmd_subject *s)
{
        volume_free(s->volume);
        blkids_free(s->blkids);
        strv_done(&s->problems);
}

const char *cmd_source(const struct options *options)
{
        return options->root ? options->root : "this machine";
}

struct facts *cmd_probe(const struct options *options, const struct cmd_subject *subject,
                        const struct volume *over)
{
        struct facts *facts = facts_new();

        for (size_t i = 0; i < subject->problems.n; i++)
                facts_problem(facts, NULL, "%s", subject->problems.v[i]);
        probe_run_all(&(struct probe_context){
                .volume = over,
                .blkids = subject->blkids,
                .facts = facts,
                .mode = options->mode,
                .source = options->source,
                .target = options->target,
                .progress = !options->quiet && isatty(STDERR_FILENO) ? show_progress : NULL,
        });
        return facts;
}

static int look_at_volume(const struct options *options, struct facts **ret)
{
        cleanup_subject struct cmd_subject subject = { 0 };
        int r = cmd_open_subject(options, &subject);

        if (r == EXIT_READY)
                *ret = cmd_probe(options, &subject, subject.volume);
        return r;
}

static char *recorded(const struct facts *facts, const char *path)
{
        const char *value = facts_str(facts, path);

        return value ? xstrdup(value) : NULL;
}

/* The move is what the decider, not the machine, provides: what is asked for counts, else what was
 * asked for then. */
static void decide_move_anew(const struct options *options, struct facts *facts)
{
        cleanup_free char *mode = recorded(facts, "/move/mode");
        cleanup_free char *source = recorded(facts, "/move/source");
        cleanup_free char *target = recorded(facts, "/target/type");
        struct probe_context context = {
                .facts = facts,
                .mode = options->mode           ? options->mode
                        : mode && is_mode(mode) ? mode
                                                : NULL,
                .source = options->source ? options->source : source,
                .target = options->target ? options->target : target,
        };

        facts_forget(facts, "/move");
        facts_forget(facts, "/source");
        facts_forget(facts, "/target");
        facts_forget(facts, "/limits");
        probe_run("move", &context);
        probe_run("target", &context);
        probe_run("limits", &context);
}

static int take_recorded_facts(const struct options *options, struct facts **ret)
{
        cleanup_facts struct facts *facts = NULL;

        if (options->root || options->blkid)
                return cmd_fail(EXIT_USAGE, "--facts looks at no volume: it goes without --%s",
                                options->root ? "root" : "blkid");
        if (check_move(options) != EXIT_READY || load_facts(options->facts, &facts) != EXIT_READY)
                return EXIT_USAGE;
        decide_move_anew(options, facts);
        facts_freeze(facts);
        *ret = TAKE_PTR(facts);
        return EXIT_READY;
}

int cmd_gather_facts(const struct options *options, struct facts **ret)
{
        return options->facts ? take_recorded_facts(options, ret) : look_at_volume(options, ret);
}

/* https://reproducible-builds.org/specs/source-date-epoch/ */
char *cmd_timestamp(void)
{
        const char *epoch = getenv("SOURCE_DATE_EPOCH");
        time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
        char text[32];
        struct tm tm;

        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
        return xstrdup(text);
}

bool cmd_want_color(const struct options *options)
{
        const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */

        return !options->no_color && !(no_color && *no_color) && isatty(STDOUT_FILENO) &&
               (!options->output || streq(options->output, "-"));
}
