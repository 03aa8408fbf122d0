/* Which waivers count, and whether they name rules. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "cmd.h"

#define NOT_NAMED                                                                  \
        "it lies on the volume, which could so call itself ready; --waivers with " \
        "its path lets it count"

/*
 * Without --waivers: that of the machine we run on, when it is the one looked at. A volume's own
 * only counts when somebody names it, and those of the machine that looks are not about it. One
 * that cannot be read waives nothing, and the report says so.
 */
static int read_own(const struct options *options, struct waivers *w, struct blob *ret)
{
        cleanup_volume struct volume *volume = NULL;
        struct err err = { 0 };
        struct stat st;
        int r;

        if (options->facts)
                return 0;
        r = volume_open(options->root ? options->root : "/",
                        options->root ? VOLUME_OFFLINE : VOLUME_LIVE, &volume, &err);
        if (r == 0)
                r = options->root ? volume_stat(volume, WAIVERS_FILE, &st, &err)
                                  : volume_read(volume, WAIVERS_FILE, WAIVERS_FILE_MAX, ret, &err);
        if (r == 0)
                return 0;
        w->file = xstrdup(WAIVERS_FILE);
        if (r < 0)
                w->problem = xstrdup(err.text);
        else if (options->root)
                w->problem = xstrdup(NOT_NAMED);
        return r > 0 && !options->root;
}

static int read_named(const struct options *options, struct waivers *w, struct blob *ret)
{
        cleanup_fd int fd = open(options->waivers, O_RDONLY | O_CLOEXEC);
        int r = fd < 0 ? -errno : fd_read_all(fd, WAIVERS_FILE_MAX, ret);

        if (r < 0) {
                cmd_fail(EXIT_USAGE, "--waivers: %s: %s", options->waivers, strerror(-r));
                return r;
        }
        w->file = xstrdup(options->waivers);
        return 1;
}

static int check_rules(const struct ruleset *set, const struct waivers *w)
{
        cleanup_strv struct strv known = { 0 };

        for (size_t i = 0; i < ruleset_count(set); i++)
                strv_push(&known, ruleset_get(set, i)->id);
        for (size_t i = 0; i < w->n; i++) {
                cleanup_free char *hint = NULL;

                if (ruleset_find(set, w->v[i].rule))
                        continue;
                hint = cmd_hint(w->v[i].rule, &known);
                return cmd_fail(EXIT_USAGE, "waivers: %s: waivers/%zu/rule: no rule \"%s\"%s",
                                w->file, i, w->v[i].rule, hint);
        }
        return EXIT_READY;
}

static int load(const struct options *options, const struct ruleset *set, struct waivers *w)
{
        cleanup_blob struct blob text = { 0 };
        cleanup_free char *file = NULL;
        struct err err = { 0 };
        int r = options->waivers ? read_named(options, w, &text) : read_own(options, w, &text);

        if (r < 0)
                return EXIT_USAGE;
        if (r == 0)
                return EXIT_READY;
        file = TAKE_PTR(w->file);
        if (waivers_parse(blob_span(&text), file, w, &err) < 0)
                return cmd_fail(EXIT_USAGE, "waivers: %s", err.text);
        return check_rules(set, w);
}

int cmd_load_waivers(const struct options *options, const struct ruleset *set, struct waivers *ret)
{
        cleanup_waivers struct waivers w = { 0 };
        int r = load(options, set, &w);

        if (r == EXIT_READY) {
                *ret = w;
                w = (struct waivers){ 0 };
        }
        return r;
}
