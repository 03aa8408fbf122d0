#include "ec2/suggest.h"

#include "base/xalloc.h"

/* Memory that AWS rounds differently from one generation to the next is no less. */
#define MEMORY_SLACK_PERCENT 5

/* Further than anything of the same class, and shown only where there is less than this of it. */
#define ANOTHER_CLASS 1000
#define FEW           3

/* "m5dn.large" in parts: class "m", generation 5, options "dn". */
struct family {
        struct span name;
        struct span class;
        unsigned generation;
        struct span options;
};

/* Classes of the first years, by what took their place. */
static const struct {
        const char *family, *class;
} renamed[] = {
        { "m2", "r" },  { "cr1", "r" }, { "cc2", "c" }, { "cg1", "p" }, { "hi1", "i" },
        { "hs1", "d" }, { "h1", "d" },  { "g2", "g" },  { "g3s", "g" }, { "p2", "p" },
};

static struct family family_of(const char *type)
{
        struct family f = { .name = { type, strcspn(type, ".") } };
        size_t letters = strcspn(type, "0123456789.-"), digits;

        f.class = (struct span){ type, letters };
        digits = strspn(type + letters, "0123456789");
        for (size_t i = 0; i < digits && i < 4; i++)
                f.generation = 10 * f.generation + (unsigned)(type[letters + i] - '0');
        f.options = (struct span){ type + letters + digits, f.name.len - letters - digits };
        for (size_t i = 0; i < ARRAY_SIZE(renamed); i++)
                if (span_eq(f.name, renamed[i].family)) {
                        f.class = span_of(renamed[i].class);
                        f.options.len = 0;
                }
        return f;
}

static bool is_same_class(const struct family *a, const struct family *b)
{
        return a->class.len == b->class.len && !memcmp(a->class.data, b->class.data, a->class.len);
}

static bool has_option(const struct family *f, char option)
{
        return memchr(f->options.data, option, f->options.len) != NULL;
}

/* ---- how near -------------------------------------------------------------------------------- */

static bool is_as_big(const struct ec2_type *t, const struct ec2_type *from)
{
        return t->vcpus >= from->vcpus &&
               t->mem_mib * 100 >= from->mem_mib * (100 - MEMORY_SLACK_PERCENT);
}

static bool is_smaller(const struct ec2_type *a, const struct ec2_type *b)
{
        return a->vcpus != b->vcpus ? a->vcpus < b->vcpus : a->mem_mib < b->mem_mib;
}

/* Options as in m5zn: more network, more disk throughput ... */
static unsigned options_that_differ(const struct family *a, const struct family *b)
{
        static const char options[] = "nbez";
        unsigned n = 0;

        for (const char *o = options; *o; o++)
                n += has_option(a, *o) != has_option(b, *o);
        return n;
}

/* A size that is more than half as big again is another size. */
static unsigned size_distance(const struct ec2_type *t, const struct ec2_type *from)
{
        return (t->vcpus * 2 > from->vcpus * 3) + (t->mem_mib * 2 > from->mem_mib * 3);
}

static unsigned distance_of(const struct ec2_type *t, const struct ec2_type *from)
{
        struct family a = family_of(from->name), b = family_of(t->name);
        bool stored = from->store_count > 0, stores = t->store_count > 0;
        unsigned distance = 0;

        distance += is_same_class(&a, &b) ? 0 : ANOTHER_CLASS;
        distance += 100 * size_distance(t, from);
        distance += stored && !stores ? 60 : !stored && stores ? 20 : 0;
        distance += 30 * options_that_differ(&a, &b);
        distance += streq(t->vendor, from->vendor) ? 0 : 10;
        distance += memmem(b.options.data, b.options.len, "flex", 4) ? 12 : 0;
        return distance + (b.generation > a.generation ? b.generation - a.generation
                                                       : a.generation - b.generation);
}

/* ---- what changes ---------------------------------------------------------------------------- */

static _printf_(2, 3) void add(struct strv *changes, const char *format, ...)
{
        va_list ap;

        va_start(ap, format);
        strv_push_take(changes, xvasprintf(format, ap));
        va_end(ap);
}

static char *join(const struct strv *l)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < l->n; i++)
                buf_printf(&out, "%s%s", i ? ", " : "", l->v[i]);
        return buf_take(&out);
}

static void add_store(struct strv *changes, const struct ec2_type *from, const struct ec2_type *to)
{
        if (from->store_count && !to->store_count)
                add(changes, "no instance store (%d x %d GB lost)", from->store_count,
                    from->store_size_gb);
        else if (to->store_count)
                add(changes, "an empty instance store, %d x %d GB, as NVMe disks", to->store_count,
                    to->store_size_gb);
}

static void add_flags(struct strv *changes, const struct ec2_type *from, const struct ec2_type *to)
{
        cleanup_ec2_flags struct ec2_flags flags = { 0 };
        cleanup_strv struct strv shown = { 0 };
        cleanup_free char *lost = NULL;

        if (!streq(from->vendor, to->vendor))
                add(changes, "CPU of %s, not %s", to->vendor, from->vendor);
        if (ec2_flags_of(from, &shown) == 0 || ec2_flags_compare(to, &shown, &flags) == 0 ||
            flags.lost.n == 0)
                return;
        lost = join(&flags.lost);
        add(changes, "CPU without %s", lost);
}

static void add_limits(struct strv *changes, const struct ec2_type *from, const struct ec2_type *to)
{
        if (to->ebs_max && (!from->ebs_max || to->ebs_max < from->ebs_max))
                add(changes, "at most %d EBS volumes%s", to->ebs_max,
                    streq(to->ebs_limit, "shared")
                            ? ", one less for each network interface after the first"
                            : "");
        if (to->max_enis && to->max_enis < from->max_enis)
                add(changes, "at most %d network interfaces, not %d", to->max_enis, from->max_enis);
}

static void add_changes(struct strv *changes, const struct ec2_type *from,
                        const struct ec2_type *to)
{
        if (to->vcpus != from->vcpus)
                add(changes, "%d virtual CPUs, not %d", to->vcpus, from->vcpus);
        if (to->mem_mib < from->mem_mib)
                add(changes, "memory %lld MiB, not %lld", (long long)to->mem_mib,
                    (long long)from->mem_mib);
        add_store(changes, from, to);
        add_flags(changes, from, to);
        if (strv_contains(&from->arch, "i386"))
                add(changes, "no 32-bit images");
        if (!strv_contains(&to->boot, "legacy-bios"))
                add(changes, "starts by UEFI only");
        add_limits(changes, from, to);
        if (to->nitro >= 4)
                add(changes, "wants ENA driver 2.2.9 or later");
        if (from->credits && to->credits && !streq(from->credits, to->credits))
                add(changes, "CPU credits %s by default, which may cost", to->credits);
        else if (from->credits && !to->credits)
                add(changes, "no CPU credits: full speed at all times");
        else if (!from->credits && to->credits)
                add(changes, "burstable: CPU credits");
        if (!to->current_generation)
                add(changes, "previous generation");
}

/* ---- the list -------------------------------------------------------------------------------- */

static bool is_candidate(const struct ec2_type *t, const struct ec2_type *from)
{
        return streq(t->hypervisor, "nitro") && strv_contains(&t->arch, "x86_64") &&
               !streq(t->name, from->name) && is_as_big(t, from);
}

/* In order; of equals the first stays first. */
static void insert(struct ec2_suggestions *l, const struct ec2_type *type, unsigned distance)
{
        size_t i = l->n;

        while (i > 0 && distance < l->v[i - 1].distance)
                i--;
        if (i == EC2_SUGGESTIONS_MAX)
                return;
        if (l->n < EC2_SUGGESTIONS_MAX)
                l->n++;
        memmove(l->v + i + 1, l->v + i, (l->n - i - 1) * sizeof(*l->v));
        l->v[i] = (struct ec2_suggestion){ .type = type, .distance = distance };
}

void ec2_suggest(const struct ec2_types *types, const struct ec2_type *from,
                 struct ec2_suggestions *ret)
{
        struct ec2_suggestions l = { 0 };

        /* The sizes of a family stand together. */
        for (size_t i = 0; i < types->n;) {
                struct family family = family_of(types->v[i].name);
                const struct ec2_type *best = NULL;

                for (; i < types->n && strlen(types->v[i].name) > family.name.len &&
                       !memcmp(types->v[i].name, family.name.data, family.name.len) &&
                       types->v[i].name[family.name.len] == '.';
                     i++)
                        if (is_candidate(&types->v[i], from) &&
                            (!best || is_smaller(&types->v[i], best)))
                                best = &types->v[i];
                if (best)
                        insert(&l, best, distance_of(best, from));
        }
        while (l.n > FEW && l.v[l.n - 1].distance >= ANOTHER_CLASS)
                l.n--;
        for (size_t i = 0; i < l.n; i++)
                add_changes(&l.v[i].changes, from, l.v[i].type);
        *ret = l;
}

void ec2_suggestions_done(struct ec2_suggestions *l)
{
        for (size_t i = 0; i < l->n; i++)
                strv_done(&l->v[i].changes);
        l->n = 0;
}
