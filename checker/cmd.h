/* Verbs. One file cmd-x.c each, ending in its descriptor; main.c lists them. */
#pragma once

#include "facts.h"
#include "options.h"
#include "rule/ruleset.h"
#include "volume/blkids.h"
#include "volume/volume.h"
#include "waivers.h"

/* What scripts may rely on; also in README.md. */
enum exit_code {
        EXIT_READY = 0,
        EXIT_NOT_READY = 1,
        EXIT_USAGE = 2,
        EXIT_INCOMPLETE = 3, /* undetermined, or the inspection itself failed */
        EXIT_UNDONE = 4,     /* a fix failed, and everything is as it was */
        EXIT_STUCK = 5,      /* it failed half-way, and a person has to look */
};

struct cmd {
        const char *name;
        const char *args; /* for the usage line; NULL: takes none */
        const char *summary;
        const char *options; /* names from the option table, blank-separated */
        int (*run)(const struct options *options);
};

extern const struct cmd cmd_check, cmd_facts, cmd_rules, cmd_explain, cmd_plan, cmd_fix,
        cmd_rollback, cmd_history, cmd_types;

/* One line on stderr, "xen2nitro: ...", and the exit code back. */
int cmd_fail(int exit_code, const char *fmt, ...) _printf_(2, 3);
/* Whole file or nothing; "-" and NULL are stdout. Returns an exit code, EXIT_READY when written. */
int cmd_write_output(const char *path, struct span text);
/* The rules of --rules; on failure says why and returns EXIT_USAGE, else EXIT_READY. */
int cmd_load_rules(const struct options *options, struct ruleset **ret);
/* Every name must be a rule: a misspelt --skip must not go unnoticed. Same returns. */
int cmd_check_rule_names(const struct ruleset *set, const struct strv *names, const char *option);
/* Those of --waivers, else, when this machine is looked at, its own, else none. Same returns. */
int cmd_load_waivers(const struct options *options, const struct ruleset *set, struct waivers *ret);
/* Facts from --facts, or from looking at the volume. Same returns. */
int cmd_gather_facts(const struct options *options, struct facts **ret);

/* The volume of --root, or this machine, and what is known of its devices. */
struct cmd_subject {
        struct volume *volume;
        struct blkids *blkids;
        struct strv problems;
};
int cmd_open_subject(const struct options *options, struct cmd_subject *ret);
/* All facts; `over` is the subject's volume or one that lies over it. The caller frees them. */
struct facts *cmd_probe(const struct options *options, const struct cmd_subject *subject,
                        const struct volume *over);
void cmd_subject_done(struct cmd_subject *s);
#define cleanup_subject _cleanup_(cmd_subject_done)
/* As people know the subject: "/mnt/vol", "this machine". */
const char *cmd_source(const struct options *options);

/* RFC 3339, UTC: now, or the moment a reproducible run names. The caller frees it. */
char *cmd_timestamp(void);
bool cmd_want_color(const struct options *options);
/* ", did you mean \"x\"?" or "", for a name that is not in the list; the caller frees it. */
char *cmd_hint(const char *name, const struct strv *candidates);
