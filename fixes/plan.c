#include "fixes/plan.h"

#include <errno.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "volume/overlay.h"

#define DIGEST_CHUNK 65536

/* An operation, and what only the plan itself needs to know of it. */
struct step {
        struct plan_op op;
        bool written;     /* else the file was read only, and `op.after` is empty */
        struct hash hash; /* PLAN_APPEND: over the bytes that are there */
};

struct plan {
        const struct volume *below;
        struct volume *over;
        struct overlay overlay;
        struct step **v; /* each by itself: operations are handed out */
        size_t n, cap;
        struct plan_left *left;
        size_t n_left, cap_left;
        struct blob *old; /* bytes planned once and then replaced: spans into them are out */
        size_t n_old, cap_old;
};

struct plan *plan_new(const struct volume *volume)
{
        struct plan *p = xcalloc(1, sizeof(*p));

        p->below = volume;
        p->over = volume_over(volume, &p->overlay);
        return p;
}

static void step_free(struct step *s)
{
        strv_done(&s->op.fixes);
        strv_done(&s->op.rules);
        free(s->op.path);
        blob_done(&s->op.before);
        blob_done(&s->op.after);
        strv_done(&s->op.argv);
        strv_done(&s->op.outputs);
        free(s);
}

void plan_free(struct plan *p)
{
        if (!p)
                return;
        for (size_t i = 0; i < p->n; i++)
                step_free(p->v[i]);
        for (size_t i = 0; i < p->n_old; i++)
                blob_done(&p->old[i]);
        for (size_t i = 0; i < p->n_left; i++) {
                free(p->left[i].fix);
                free(p->left[i].rule);
                free(p->left[i].subject);
                free(p->left[i].reason);
                free(p->left[i].remedy);
        }
        free(p->v);
        free(p->old);
        free(p->left);
        volume_free(p->over);
        overlay_done(&p->overlay);
        free(p);
}

const struct volume *plan_volume(const struct plan *p)
{
        return p->over;
}

static struct step *add_step(struct plan *p, enum plan_kind kind)
{
        struct step **slot = ARRAY_PUSH(&p->v, &p->n, &p->cap);

        *slot = xcalloc(1, sizeof(**slot));
        (*slot)->op.kind = kind;
        return *slot;
}

static void push_new(struct strv *l, const char *s)
{
        if (!strv_contains(l, s))
                strv_push(l, s);
}

/* A step goes where the last of its reasons wants it. */
static void add_reason(struct step *s, const struct plan_reason *why)
{
        push_new(&s->op.fixes, why->fix);
        for (const char *const *rule = why->rules; *rule; rule++)
                push_new(&s->op.rules, *rule);
        if (why->phase > s->op.phase)
                s->op.phase = why->phase;
}

static struct step *find_file(const struct plan *p, const char *real)
{
        for (size_t i = 0; i < p->n; i++)
                if (p->v[i]->op.kind != PLAN_RUN && streq(p->v[i]->op.path, real))
                        return p->v[i];
        return NULL;
}

/* The command that writes the file, or NULL. */
static const struct plan_op *find_writer(const struct plan *p, const char *real)
{
        for (size_t i = 0; i < p->n; i++)
                if (p->v[i]->op.kind == PLAN_RUN && strv_contains(&p->v[i]->op.outputs, real))
                        return &p->v[i]->op;
        return NULL;
}

/* ---- files ---- */

/* 1 and the real path, 0 when nothing is there and *ret_real says where it would be, or an error.
 */
static int resolve(const struct plan *p, const char *path, char **ret_real, struct err *err)
{
        cleanup_free char *real = NULL;
        const struct plan_op *writer;
        int r = volume_real_path(p->over, path, &real, err);

        if (r == -ENOENT)
                return err_set(err, r, "%s: the directory is not there", path);
        if (r < 0)
                return r;
        writer = find_writer(p, real);
        if (writer)
                return err_set(err, -EBUSY, "%s: it is written by %s, which is planned, too", real,
                               writer->argv.v[0]);
        *ret_real = TAKE_PTR(real);
        return r;
}

static struct span planned_bytes(const struct step *s)
{
        return s->written ? blob_span(&s->op.after) : blob_span(&s->op.before);
}

static int fail_hard_link(const char *real, struct err *err)
{
        return err_set(err, -EMLINK,
                       "%s: it has a second name (a hard link), which would keep the old bytes; "
                       "not edited",
                       real);
}

static int read_first(struct plan *p, const char *real, size_t max, struct step **ret,
                      struct err *err)
{
        cleanup_blob struct blob before = { 0 };
        struct stat st;
        struct step *s;
        int r = volume_read(p->below, real, max, &before, err);

        if (r > 0)
                r = volume_stat(p->below, real, &st, err);
        if (r <= 0)
                return r;
        if (st.st_nlink > 1)
                return fail_hard_link(real, err);
        s = add_step(p, PLAN_WRITE);
        s->op.path = xstrdup(real);
        s->op.existed = true;
        s->op.mode = st.st_mode & 07777;
        s->op.size = before.len;
        digest_of(blob_span(&before), &s->op.digest);
        s->op.before = before;
        before = (struct blob){ 0 };
        *ret = s;
        return 1;
}

int plan_read(struct plan *p, const char *path, size_t max, struct span *ret, struct err *err)
{
        cleanup_free char *real = NULL;
        struct step *s;
        int r = volume_real_path(p->over, path, &real, err);

        if (r <= 0)
                return r == -ENOENT ? 0 : r;
        free_ptr(&real);
        r = resolve(p, path, &real, err);
        if (r <= 0)
                return r;
        s = find_file(p, real);
        if (!s && (r = read_first(p, real, max, &s, err)) <= 0)
                return r;
        if (s->op.kind == PLAN_APPEND)
                return err_set(err, -EBUSY, "%s: bytes are to be put behind it", real);
        *ret = planned_bytes(s);
        return 1;
}

static void digest_after(struct step *s)
{
        struct hash hash;

        if (s->op.kind == PLAN_APPEND)
                hash = s->hash;
        else
                hash_init(&hash);
        hash_add(&hash, s->op.after.data, s->op.after.len);
        hash_end(&hash, &s->op.digest_after);
}

/* The bytes a step had stay where they are: a fix may still hold spans into them. */
static void set_after(struct plan *p, struct step *s, struct span bytes)
{
        struct overlay_file *f = overlay_put(&p->overlay, s->op.path);

        if (s->written)
                *ARRAY_PUSH(&p->old, &p->n_old, &p->cap_old) = s->op.after;
        s->op.after = (struct blob){ span_dup(bytes), bytes.len };
        s->written = true;
        digest_after(s);
        f->bytes = blob_span(&s->op.after);
        f->append = s->op.kind == PLAN_APPEND;
        f->mode = s->op.mode;
}

static bool same(struct span a, struct span b)
{
        return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int plan_write(struct plan *p, const struct plan_reason *why, const char *path, struct span after,
               struct err *err)
{
        cleanup_free char *real = NULL;
        struct step *s;
        int r = resolve(p, path, &real, err);

        if (r < 0)
                return r;
        s = r > 0 ? find_file(p, real) : NULL;
        if (!s || s->op.kind != PLAN_WRITE)
                return err_set(err, -EINVAL, "%s: it was not read, so nothing can be written",
                               path);
        if (same(planned_bytes(s), after))
                return 0;
        set_after(p, s, after);
        add_reason(s, why);
        return 0;
}

int plan_create(struct plan *p, const struct plan_reason *why, const char *path, mode_t mode,
                struct span bytes, struct err *err)
{
        cleanup_free char *real = NULL;
        struct step *s;
        int r = resolve(p, path, &real, err);

        if (r != 0)
                return r < 0 ? r : err_set(err, -EEXIST, "%s: there is such a file", path);
        s = add_step(p, PLAN_WRITE);
        s->op.path = TAKE_PTR(real);
        s->op.mode = mode & 07777;
        set_after(p, s, bytes);
        add_reason(s, why);
        return 0;
}

static int hash_big(struct plan *p, const char *real, struct stat *ret_st, struct hash *ret,
                    struct err *err)
{
        cleanup_fd int fd = volume_open_file(p->below, real, ret_st, err);
        char chunk[DIGEST_CHUNK];
        ssize_t n;

        if (fd < 0)
                return fd == -ENOENT ? err_set(err, fd, "%s: there is no such file", real) : fd;
        hash_init(ret);
        while ((n = fd_read_full(fd, chunk, sizeof(chunk))) > 0)
                hash_add(ret, chunk, (size_t)n);
        return n < 0 ? err_set(err, (int)n, "%s: %s", real, strerror(-(int)n)) : 0;
}

/* A big file, of which nothing is held but what will be put behind it. */
static int open_big(struct plan *p, const char *path, uint64_t size, struct step **ret,
                    struct err *err)
{
        cleanup_free char *real = NULL;
        struct hash hash;
        struct stat st;
        struct step *s;
        int r = resolve(p, path, &real, err);

        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENOENT, "%s: there is no such file", path);
        s = find_file(p, real);
        if (s && s->op.kind != PLAN_APPEND)
                return err_set(err, -EBUSY, "%s: it is already edited as a whole", real);
        if (!s) {
                r = hash_big(p, real, &st, &hash, err);
                if (r < 0)
                        return r;
                if (st.st_nlink > 1)
                        return fail_hard_link(real, err);
                if ((uint64_t)st.st_size != size)
                        return err_set(err, -ESTALE, "%s: its size has changed", real);
                s = add_step(p, PLAN_APPEND);
                s->op.path = TAKE_PTR(real);
                s->op.existed = true;
                s->op.mode = st.st_mode & 07777;
                s->op.size = size;
                s->hash = hash;
                hash_end(&hash, &s->op.digest);
        }
        *ret = s;
        return 0;
}

int plan_append(struct plan *p, const struct plan_reason *why, const char *path, uint64_t size,
                struct span bytes, struct err *err)
{
        cleanup_buf struct buf after = { 0 };
        struct step *s = NULL;
        int r = open_big(p, path, size, &s, err);

        if (r < 0)
                return r;
        if (bytes.len > PLAN_APPEND_MAX - s->op.after.len)
                return err_set(err, -EFBIG, "%s: more than %u bytes to add", path, PLAN_APPEND_MAX);
        buf_append(&after, s->op.after.data, s->op.after.len);
        buf_append(&after, bytes.data, bytes.len);
        set_after(p, s, buf_span(&after));
        add_reason(s, why);
        return 0;
}

/* ---- commands ---- */

static bool same_argv(const struct strv *have, const char *const *argv)
{
        size_t i = 0;

        for (; i < have->n && argv[i]; i++)
                if (!streq(have->v[i], argv[i]))
                        return false;
        return i == have->n && !argv[i];
}

static struct step *find_command(const struct plan *p, const char *const *argv)
{
        for (size_t i = 0; i < p->n; i++)
                if (p->v[i]->op.kind == PLAN_RUN && same_argv(&p->v[i]->op.argv, argv))
                        return p->v[i];
        return NULL;
}

static int add_outputs(const struct plan *p, const char *const *outputs, struct strv *ret,
                       struct err *err)
{
        for (const char *const *path = outputs; *path; path++) {
                char *real = NULL;
                int r = resolve(p, *path, &real, err);
                const struct step *s;

                if (r < 0)
                        return r;
                strv_push_take(ret, real);
                s = find_file(p, real);
                if (s && s->written)
                        return err_set(err, -EBUSY, "%s: it is already edited", real);
        }
        return 0;
}

int plan_run(struct plan *p, const struct plan_reason *why, const char *const *argv,
             const char *const *outputs, unsigned timeout, struct err *err)
{
        cleanup_strv struct strv real = { 0 };
        struct step *s = find_command(p, argv);
        struct stat st;
        int r;

        if (s) {
                add_reason(s, why);
                return 0;
        }
        r = volume_stat(p->over, argv[0], &st, err);
        if (r < 0)
                return r;
        if (r == 0 || !S_ISREG(st.st_mode) || !(st.st_mode & 0111))
                return err_set(err, -ENOENT, "%s: there is no such program", argv[0]);
        r = add_outputs(p, outputs, &real, err);
        if (r < 0)
                return r;
        s = add_step(p, PLAN_RUN);
        for (; *argv; argv++)
                strv_push(&s->op.argv, *argv);
        s->op.outputs = real;
        real = (struct strv){ 0 };
        s->op.timeout = timeout > PLAN_TIMEOUT_MAX ? PLAN_TIMEOUT_MAX : timeout;
        add_reason(s, why);
        return 0;
}

/* ---- what is left, and what there is ---- */

void plan_leave(struct plan *p, const char *fix, const char *rule, const char *subject,
                const char *reason, const char *remedy)
{
        struct plan_left *l = ARRAY_PUSH(&p->left, &p->n_left, &p->cap_left);

        l->fix = fix ? xstrdup(fix) : NULL;
        l->rule = xstrdup(rule);
        l->subject = subject ? xstrdup(subject) : NULL;
        l->reason = xstrdup(reason);
        l->remedy = remedy ? xstrdup(remedy) : NULL;
}

/* A file that is back to the bytes it had needs nothing. */
static bool is_planned(const struct step *s)
{
        if (s->op.kind == PLAN_RUN)
                return true;
        if (s->op.kind == PLAN_APPEND || !s->op.existed)
                return s->written;
        return s->written && !same(blob_span(&s->op.before), blob_span(&s->op.after));
}

size_t plan_count(const struct plan *p)
{
        size_t n = 0;

        for (size_t i = 0; i < p->n; i++)
                n += is_planned(p->v[i]);
        return n;
}

const struct plan_op *plan_get(const struct plan *p, size_t at)
{
        for (enum plan_phase phase = PLAN_SOURCES; phase <= PLAN_INITRAMFS; phase++)
                for (size_t i = 0; i < p->n; i++)
                        if (p->v[i]->op.phase == phase && is_planned(p->v[i]) && at-- == 0)
                                return &p->v[i]->op;
        return NULL;
}

size_t plan_left_count(const struct plan *p)
{
        return p->n_left;
}

const struct plan_left *plan_left_get(const struct plan *p, size_t i)
{
        return &p->left[i];
}
