/*
 * Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, in its linear space form: the
 * middle of a shortest edit script is looked for from both ends, and both halves likewise.
 */
#include "fixes/diff.h"

#include <stdint.h>
#include <sys/types.h>

#include "base/xalloc.h"

#define CONTEXT 3

/* One of the two texts. */
struct side {
        struct span *lines; /* with their newline */
        uint32_t *ids;      /* the same number for the same bytes, in both texts */
        bool *changed;
        size_t n, cap;
};

/*
 * The furthest x that a path of so many steps reaches on each diagonal (x - y), from the upper left
 * and from the lower right; NOWHERE where none gets. Both are indexed from `zero`.
 */
#define NOWHERE (-1)
struct diff {
        struct side a, b;
        ssize_t *forward, *backward;
        ssize_t zero;
};

/* ---- lines ---- */

static void split(struct span text, struct side *s)
{
        while (text.len > 0) {
                const char *newline = memchr(text.data, '\n', text.len);
                size_t len = newline ? (size_t)(newline - text.data) + 1 : text.len;

                *ARRAY_PUSH(&s->lines, &s->n, &s->cap) = (struct span){ text.data, len };
                text.data += len;
                text.len -= len;
        }
        s->ids = xcalloc(s->n + 1, sizeof(*s->ids));
        s->changed = xcalloc(s->n + 1, sizeof(*s->changed));
}

static void side_done(struct side *s)
{
        free(s->lines);
        free(s->ids);
        free(s->changed);
}

/* FNV-1a. */
static uint32_t hash_line(struct span line)
{
        uint32_t h = 2166136261u;

        for (size_t i = 0; i < line.len; i++)
                h = (h ^ (unsigned char)line.data[i]) * 16777619u;
        return h;
}

struct slot {
        struct span line; /* no data: free */
        uint32_t id;
};

struct table {
        struct slot *slots;
        size_t mask;
        uint32_t n;
};

static void number_lines(struct table *t, struct side *s)
{
        for (size_t i = 0; i < s->n; i++) {
                struct span line = s->lines[i];
                struct slot *slot = &t->slots[hash_line(line) & t->mask];

                while (slot->line.data && (slot->line.len != line.len ||
                                           memcmp(slot->line.data, line.data, line.len) != 0))
                        slot = slot == &t->slots[t->mask] ? t->slots : slot + 1;
                if (!slot->line.data)
                        *slot = (struct slot){ line, t->n++ };
                s->ids[i] = slot->id;
        }
}

static void number_both(struct side *a, struct side *b)
{
        struct table t = { .mask = 63 };

        while (t.mask < 2 * (a->n + b->n))
                t.mask = 2 * t.mask + 1;
        t.slots = xcalloc(t.mask + 1, sizeof(*t.slots));
        number_lines(&t, a);
        number_lines(&t, b);
        free(t.slots);
}

/* ---- which lines change ---- */

/* Lines a0 up to a1 of the one text against b0 up to b1 of the other. */
struct box {
        ssize_t a0, a1, b0, b1;
};

static bool same_line(const struct diff *d, const struct box *box, ssize_t x, ssize_t y)
{
        return d->a.ids[box->a0 + x] == d->b.ids[box->b0 + y];
}

/* One step more from the upper left. True when the searches meet: then *ret_x, *ret_y is where. */
static bool step_forward(struct diff *d, const struct box *box, ssize_t cost, ssize_t *ret_x,
                         ssize_t *ret_y)
{
        ssize_t n = box->a1 - box->a0, m = box->b1 - box->b0, delta = n - m;
        ssize_t *f = d->forward + d->zero, *r = d->backward + d->zero;

        f[-cost - 1] = f[cost + 1] = NOWHERE;
        for (ssize_t k = -cost; k <= cost; k += 2) {
                ssize_t right = f[k - 1] != NOWHERE && f[k - 1] < n ? f[k - 1] + 1 : NOWHERE;
                ssize_t down = f[k + 1] != NOWHERE && f[k + 1] - k <= m ? f[k + 1] : NOWHERE;
                ssize_t x = cost == 0 ? 0 : right > down ? right : down;

                if (x != NOWHERE)
                        while (x < n && x - k < m && same_line(d, box, x, x - k))
                                x++;
                f[k] = x;
                if (delta % 2 && k > delta - cost && k < delta + cost && r[k] != NOWHERE &&
                    x >= r[k]) {
                        *ret_x = x;
                        *ret_y = x - k;
                        return true;
                }
        }
        return false;
}

/* The same from the lower right. */
static bool step_backward(struct diff *d, const struct box *box, ssize_t cost, ssize_t *ret_x,
                          ssize_t *ret_y)
{
        ssize_t n = box->a1 - box->a0, m = box->b1 - box->b0, delta = n - m;
        ssize_t *f = d->forward + d->zero, *r = d->backward + d->zero;

        r[delta - cost - 1] = r[delta + cost + 1] = NOWHERE;
        for (ssize_t k = delta - cost; k <= delta + cost; k += 2) {
                ssize_t left = r[k + 1] > 0 ? r[k + 1] - 1 : NOWHERE;
                ssize_t up = r[k - 1] != NOWHERE && r[k - 1] >= k ? r[k - 1] : NOWHERE;
                ssize_t x = cost == 0                                         ? n
                            : left == NOWHERE || (up != NOWHERE && up < left) ? up
                                                                              : left;

                if (x != NOWHERE)
                        while (x > 0 && x - k > 0 && same_line(d, box, x - 1, x - k - 1))
                                x--;
                r[k] = x;
                if (delta % 2 == 0 && k >= -cost && k <= cost && x != NOWHERE && x <= f[k]) {
                        *ret_x = x;
                        *ret_y = x - k;
                        return true;
                }
        }
        return false;
}

/* A point in the middle of a shortest path through the box, or false: it is too long a path. */
static bool find_middle(struct diff *d, const struct box *box, ssize_t *ret_x, ssize_t *ret_y)
{
        for (ssize_t cost = 0; cost <= DIFF_CHANGES_MAX / 2; cost++)
                if (step_forward(d, box, cost, ret_x, ret_y) ||
                    step_backward(d, box, cost, ret_x, ret_y))
                        return true;
        return false;
}

/* Goes down at most as often as DIFF_CHANGES_MAX can be halved: each part has half the changes. */
static void compare(struct diff *d, struct box box)
{
        ssize_t x, y;

        for (;;) {
                while (box.a0 < box.a1 && box.b0 < box.b1 && same_line(d, &box, 0, 0))
                        box.a0++, box.b0++;
                while (box.a0 < box.a1 && box.b0 < box.b1 &&
                       same_line(d, &box, box.a1 - box.a0 - 1, box.b1 - box.b0 - 1))
                        box.a1--, box.b1--;
                if (box.a0 == box.a1 || box.b0 == box.b1 || !find_middle(d, &box, &x, &y))
                        break;
                compare(d, (struct box){ box.a0, box.a0 + x, box.b0, box.b0 + y });
                box.a0 += x;
                box.b0 += y;
        }
        memset(d->a.changed + box.a0, true, (size_t)(box.a1 - box.a0));
        memset(d->b.changed + box.b0, true, (size_t)(box.b1 - box.b0));
}

/*
 * Of lines that repeat the last ones count as changed: what is added stands behind its like. Lines
 * that take the place of others stay where these are.
 */
static void slide_down(struct side *s, const struct side *other)
{
        size_t i = 0, j = 0; /* in `other`, the line that corresponds */

        while (i < s->n) {
                size_t end = i;

                while (end < s->n && s->changed[end])
                        end++;
                while (end > i && end < s->n && !other->changed[j] &&
                       (s->changed[end] || s->ids[end] == s->ids[i])) {
                        if (!s->changed[end]) {
                                s->changed[end] = true;
                                s->changed[i++] = false;
                                j++;
                        }
                        end++;
                }
                i = end;
                while (other->changed[j])
                        j++;
                i++, j++;
        }
}

/* ---- hunks ---- */

/* A run of changed lines: `a` up to `a_end` of the one text becomes `b` up to `b_end`. */
struct change {
        size_t a, a_end, b, b_end;
};

/* The next change at or behind the lines given, which correspond; false at the end. */
static bool next_change(const struct diff *d, size_t a, size_t b, struct change *ret)
{
        while (a < d->a.n && b < d->b.n && !d->a.changed[a] && !d->b.changed[b])
                a++, b++;
        *ret = (struct change){ a, a, b, b };
        while (ret->a_end < d->a.n && d->a.changed[ret->a_end])
                ret->a_end++;
        while (ret->b_end < d->b.n && d->b.changed[ret->b_end])
                ret->b_end++;
        return ret->a_end > a || ret->b_end > b;
}

static void put_line(struct buf *out, char mark, struct span line)
{
        buf_putc(out, mark);
        buf_append(out, line.data, line.len);
        if (line.data[line.len - 1] != '\n')
                buf_puts(out, "\n\\ No newline at end of file\n");
}

/* "12,3"; a single line without its count, none at all as the line before. */
static void put_range(struct buf *out, char mark, size_t from, size_t to)
{
        if (to - from == 1)
                buf_printf(out, "%c%zu", mark, from + 1);
        else
                buf_printf(out, "%c%zu,%zu", mark, to > from ? from + 1 : from, to - from);
}

static void put_lines(struct buf *out, char mark, const struct side *s, size_t from, size_t to)
{
        for (; from < to; from++)
                put_line(out, mark, s->lines[from]);
}

/* One hunk, from the first change on; *change is the first one behind it. */
static bool put_hunk(const struct diff *d, struct buf *out, struct change *change)
{
        size_t before = change->a < CONTEXT ? change->a : CONTEXT;
        size_t a = change->a - before, b = change->b - before, end, shown = a;
        cleanup_buf struct buf body = { 0 };
        struct change last, next = *change;
        bool more;

        do {
                last = next;
                put_lines(&body, ' ', &d->a, shown, last.a);
                put_lines(&body, '-', &d->a, last.a, last.a_end);
                put_lines(&body, '+', &d->b, last.b, last.b_end);
                shown = last.a_end;
                more = next_change(d, last.a_end, last.b_end, &next);
        } while (more && next.a - last.a_end <= 2 * CONTEXT);
        end = d->a.n - last.a_end < CONTEXT ? d->a.n : last.a_end + CONTEXT;
        put_lines(&body, ' ', &d->a, shown, end);

        buf_puts(out, "@@ ");
        put_range(out, '-', a, end);
        buf_putc(out, ' ');
        put_range(out, '+', b, last.b_end + (end - last.a_end));
        buf_puts(out, " @@\n");
        buf_append(out, body.data, body.len);
        *change = next;
        return more;
}

bool diff_is_binary(struct span bytes)
{
        return bytes.len > 0 && memchr(bytes.data, '\0', bytes.len) != NULL;
}

void diff_unified(const char *before_name, const char *after_name, struct span before,
                  struct span after, struct buf *out)
{
        struct diff d = { 0 };
        struct change change;
        size_t room;

        split(before, &d.a);
        split(after, &d.b);
        number_both(&d.a, &d.b);
        d.zero = (ssize_t)(d.a.n + d.b.n) + 2;
        room = 2 * (size_t)d.zero + 1;
        d.forward = xcalloc(room, sizeof(*d.forward));
        d.backward = xcalloc(room, sizeof(*d.backward));
        compare(&d, (struct box){ 0, (ssize_t)d.a.n, 0, (ssize_t)d.b.n });
        slide_down(&d.a, &d.b);
        slide_down(&d.b, &d.a);

        if (next_change(&d, 0, 0, &change)) {
                buf_printf(out, "--- %s\n+++ %s\n", before_name ? before_name : "/dev/null",
                           after_name);
                while (put_hunk(&d, out, &change))
                        ;
        }
        side_done(&d.a);
        side_done(&d.b);
        free(d.forward);
        free(d.backward);
}
