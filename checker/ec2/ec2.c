#include "ec2/ec2.h"

#include <stdio.h>

#include "base/asset.h"
#include "base/jsonx.h"
#include "base/xalloc.h"

#define TYPES_FILE "checker/ec2/instance-types.json"
#define CPUS_FILE  "checker/ec2/cpu-features.json"

/* How far a name may be from what was asked for to be worth showing. */
#define NEAR 3

static struct span file_of(const char *name)
{
        for (const struct asset *a = asset_list; a->name; a++)
                if (streq(a->name, name))
                        return asset_span(a);
        abort(); /* a program built without its data */
}

/* The name of the member on the line that begins at `line`. */
static struct span line_key(const char *line, const char *end)
{
        const char *quote = memchr(line + 1, '"', (size_t)(end - line - 1));

        if (!quote)
                abort();
        return (struct span){ line + 1, (size_t)(quote - line - 1) };
}

static const char *next_line(const char *line, const char *end)
{
        return (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
}

/* The value after a member's name: the rest of its line but the comma. The caller puts it. */
static struct json_object *parse_value(struct span key, const char *end)
{
        const char *value = key.data + key.len + strlen("\":"), *stop = next_line(value, end) - 1;
        struct json_object *o;

        if (stop > value && stop[-1] == ',')
                stop--;
        if (jsonx_parse((struct span){ value, (size_t)(stop - value) }, &o, NULL) < 0)
                abort(); /* the tests parse every line */
        return o;
}

/* From the line after `"name":{` to the end of the file. */
static struct span section_of(struct span file, const char *name)
{
        cleanup_free char *open = xasprintf("\"%s\":{\n", name);
        const char *end = file.data + file.len;

        for (const char *line = file.data; line < end; line = next_line(line, end))
                if ((size_t)(end - line) > strlen(open) && !memcmp(line, open, strlen(open)))
                        return (struct span){ line + strlen(open),
                                              (size_t)(end - line) - strlen(open) };
        abort();
}

/* The value of a member among these lines, up to a closing brace, or NULL. The caller puts it. */
static struct json_object *find_member(struct span lines, const char *name)
{
        const char *end = lines.data + lines.len;

        for (const char *line = lines.data; line < end && *line != '}';
             line = next_line(line, end)) {
                struct span key = *line == '"' ? line_key(line, end) : SPAN("");

                if (span_eq(key, name))
                        return parse_value(key, end);
        }
        return NULL;
}

static int compare(struct span key, const char *name)
{
        size_t n = strlen(name);
        int r = memcmp(key.data, name, key.len < n ? key.len : n);

        return r ? r : (key.len > n) - (key.len < n);
}

/* The types: the last section, sorted by the bytes of their names. */
static struct span type_lines(void)
{
        struct span types = section_of(file_of(TYPES_FILE), "types");

        types.len -= strlen("}\n}\n");
        return types;
}

static struct json_object *find_type(const char *name)
{
        struct span types = type_lines();
        const char *low = types.data, *high = types.data + types.len, *end = high;

        while (low < high) {
                const char *line = low + (high - low) / 2;
                struct span key;
                int r;

                while (line > low && line[-1] != '\n')
                        line--;
                key = line_key(line, end);
                r = compare(key, name);
                if (r == 0)
                        return parse_value(key, end);
                if (r > 0)
                        high = line;
                else
                        low = next_line(line, end);
        }
        return NULL;
}

static void copy_strings(struct json_object *array, struct strv *ret)
{
        for (size_t i = 0; array && i < json_object_array_length(array); i++)
                strv_push(ret, json_object_get_string(json_object_array_get_idx(array, i)));
}

/*
 * Credit mode of a burstable type that nobody chose another for.
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html
 */
static const char *credits_of(const char *name)
{
        if (str_startswith(name, "t2."))
                return "standard";
        return str_startswith(name, "t3.") || str_startswith(name, "t3a.") ||
                               str_startswith(name, "t4g.")
                       ? "unlimited"
                       : NULL;
}

static char *copy_str(struct json_object *o, const char *key)
{
        const char *value = jsonx_str(o, key);

        return value ? xstrdup(value) : NULL;
}

/* Null, where no source says, is 0. */
static int get_int(struct json_object *o, const char *key)
{
        return json_object_get_int(json_object_object_get(o, key));
}

/* `o` gets the fields that its line leaves out: those have the default's value. */
static struct ec2_type read_type(const char *name, struct json_object *o,
                                 struct json_object *defaults)
{
        struct ec2_type t = { .name = xstrdup(name), .credits = credits_of(name) };
        struct json_object *store;

        json_object_object_foreach(defaults, key, value)
        {
                if (!json_object_object_get_ex(o, key, NULL))
                        json_object_object_add(o, key, json_object_get(value));
        }
        t.hypervisor = copy_str(o, "hypervisor");
        t.vendor = copy_str(o, "vendor");
        t.ena = copy_str(o, "ena");
        t.ebs_optimized = copy_str(o, "ebs_optimized");
        t.ebs_limit = copy_str(o, "ebs_limit");
        t.current_generation = jsonx_is(o, "current_generation");
        t.nitro = get_int(o, "nitro");
        t.vcpus = get_int(o, "vcpus");
        t.max_enis = get_int(o, "max_enis");
        t.ebs_max = get_int(o, "ebs_max");
        t.mem_mib = json_object_get_int64(json_object_object_get(o, "mem_mib"));
        copy_strings(jsonx_member(o, "arch", json_type_array), &t.arch);
        copy_strings(jsonx_member(o, "boot", json_type_array), &t.boot);
        copy_strings(jsonx_member(o, "cpu", json_type_array), &t.cpu);
        store = jsonx_member(o, "instance_store", json_type_object);
        if (store) {
                t.store_count = get_int(store, "count");
                t.store_size_gb = get_int(store, "size_gb");
                t.store_media = copy_str(store, "media");
                t.store_nvme = jsonx_is(store, "nvme");
        }
        return t;
}

int ec2_type_find(const char *name, struct ec2_type *ret)
{
        cleanup_json struct json_object *type = find_type(name), *defaults = NULL;

        if (!type)
                return 0;
        defaults = find_member(file_of(TYPES_FILE), "defaults");
        *ret = read_type(name, type, defaults);
        return 1;
}

void ec2_type_done(struct ec2_type *t)
{
        free(t->name);
        free(t->hypervisor);
        free(t->vendor);
        free(t->ena);
        free(t->ebs_optimized);
        free(t->ebs_limit);
        free(t->store_media);
        strv_done(&t->arch);
        strv_done(&t->boot);
        strv_done(&t->cpu);
        *t = (struct ec2_type){ 0 };
}

void ec2_types_load(struct ec2_types *ret)
{
        cleanup_json struct json_object *defaults = find_member(file_of(TYPES_FILE), "defaults");
        struct span lines = type_lines();
        const char *end = lines.data + lines.len;
        struct ec2_types l = { 0 };

        for (const char *line = lines.data; line < end; line = next_line(line, end)) {
                struct span key = line_key(line, end);
                cleanup_json struct json_object *o = parse_value(key, end);
                cleanup_free char *name = span_dup(key);

                *ARRAY_PUSH(&l.v, &l.n, &l.cap) = read_type(name, o, defaults);
        }
        *ret = l;
}

void ec2_types_done(struct ec2_types *l)
{
        for (size_t i = 0; i < l->n; i++)
                ec2_type_done(&l->v[i]);
        free(l->v);
        *l = (struct ec2_types){ 0 };
}

/* ---- nearest names ---- */

struct near {
        char name[65];
        size_t distance;
        size_t prefix; /* bytes at the front that are the same: of equals, the family's own */
};

static bool is_nearer(const struct near *a, const struct near *b)
{
        return a->distance != b->distance ? a->distance < b->distance : a->prefix > b->prefix;
}

/* Keep the nearest in order; the first of equals stays first. */
static void near_insert(struct near list[static EC2_NEAREST_MAX], size_t *n, const struct near *one)
{
        size_t i = *n;

        while (i > 0 && is_nearer(one, &list[i - 1]))
                i--;
        if (i == EC2_NEAREST_MAX)
                return;
        if (*n < EC2_NEAREST_MAX)
                ++*n;
        memmove(list + i + 1, list + i, (*n - i - 1) * sizeof(*list));
        list[i] = *one;
}

void ec2_type_nearest(const char *name, struct strv *ret)
{
        struct span types = type_lines();
        const char *end = types.data + types.len;
        struct near list[EC2_NEAREST_MAX];
        char asked[65];
        size_t n = 0;

        if (strlen(name) >= sizeof(asked))
                return;
        for (size_t i = 0; i <= strlen(name); i++)
                asked[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20) : name[i];
        for (const char *line = types.data; line < end; line = next_line(line, end)) {
                struct span key = line_key(line, end);
                struct near one = { 0 };

                snprintf(one.name, sizeof(one.name), "%.*s", (int)key.len, key.data);
                one.distance = str_distance(asked, one.name);
                while (asked[one.prefix] && asked[one.prefix] == one.name[one.prefix])
                        one.prefix++;
                if (one.distance <= NEAR)
                        near_insert(list, &n, &one);
        }
        for (size_t i = 0; i < n; i++)
                strv_push(ret, list[i].name);
}

/* ---- flags ---- */

static bool has_string(struct json_object *array, const char *s)
{
        for (size_t i = 0; array && i < json_object_array_length(array); i++)
                if (streq(json_object_get_string(json_object_array_get_idx(array, i)), s))
                        return true;
        return false;
}

/* Every flag stands in quotes there, and no other string of the section reads like one. */
static bool is_isa_flag(struct span file, const char *flag)
{
        cleanup_free char *quoted = xasprintf("\"%s\"", flag);
        struct span processors = section_of(file, "processors");
        size_t len = (size_t)(section_of(file, "families").data - processors.data);

        return memmem(processors.data, len, quoted, strlen(quoted)) != NULL;
}

/* Flags of the family on top of its processors', or of the size where that differs. Borrowed. */
static struct json_object *extra_flags(struct json_object *family, const char *size)
{
        struct json_object *sizes = jsonx_member(family, "sizes", json_type_object);
        struct json_object *one = size ? jsonx_member(sizes, size, json_type_object) : NULL;

        return jsonx_member(one ? one : family, "extra_flags", json_type_array);
}

static struct json_object *find_family(struct span file, const char *type)
{
        cleanup_free char *family = span_dup((struct span){ type, strcspn(type, ".") });

        return find_member(section_of(file, "families"), family);
}

enum promise {
        PROMISED,
        UNCERTAIN,
        ABSENT,
};

/* What `processors` (an array of objects) say of one flag together. */
static enum promise promise_of(struct json_object *processors, const char *flag)
{
        size_t n = json_object_array_length(processors), certain = 0;
        bool possible = false;

        for (size_t i = 0; i < n; i++) {
                struct json_object *p = json_object_array_get_idx(processors, i);

                certain += has_string(jsonx_member(p, "flags", json_type_array), flag);
                possible |= has_string(jsonx_member(p, "varies", json_type_array), flag);
        }
        if (certain == n)
                return PROMISED;
        return certain || possible ? UNCERTAIN : ABSENT;
}

/*
 * The processors a type may land on, an array of objects that the caller puts; NULL when one of
 * them has no list of flags, or only what every processor of the architecture has.
 */
static struct json_object *load_processors(const struct ec2_type *type)
{
        struct span section = section_of(file_of(CPUS_FILE), "processors");
        cleanup_json struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < type->cpu.n; i++) {
                struct json_object *p = find_member(section, type->cpu.v[i]);

                json_object_array_add(list, p);
                if (!jsonx_member(p, "flags", json_type_array) ||
                    streq(jsonx_str(p, "evidence"), "baseline"))
                        return NULL;
        }
        return TAKE_PTR(list);
}

static void add_flags(struct json_object *array, struct strv *ret)
{
        for (size_t i = 0; array && i < json_object_array_length(array); i++) {
                const char *flag = json_object_get_string(json_object_array_get_idx(array, i));

                if (!strv_contains(ret, flag))
                        strv_push(ret, flag);
        }
}

int ec2_flags_of(const struct ec2_type *type, struct strv *ret)
{
        cleanup_json struct json_object *processors = load_processors(type);
        cleanup_json struct json_object *family = find_family(file_of(CPUS_FILE), type->name);
        const char *dot = strchr(type->name, '.');
        struct strv flags = { 0 };

        if (!processors)
                return 0;
        for (size_t i = 0; i < json_object_array_length(processors); i++)
                add_flags(jsonx_member(json_object_array_get_idx(processors, i), "flags",
                                       json_type_array),
                          &flags);
        add_flags(extra_flags(family, dot ? dot + 1 : NULL), &flags);
        strv_sort(&flags);
        *ret = flags;
        return 1;
}

int ec2_flags_compare(const struct ec2_type *target, const struct strv *shown,
                      struct ec2_flags *ret)
{
        struct span file = file_of(CPUS_FILE);
        const char *dot = strchr(target->name, '.');
        cleanup_json struct json_object *processors = load_processors(target);
        cleanup_json struct json_object *platform = find_member(file, "platform_flags");
        cleanup_json struct json_object *family = find_family(file, target->name);
        struct json_object *extra = extra_flags(family, dot ? dot + 1 : NULL);
        struct ec2_flags f = { 0 };

        if (!processors)
                return 0;
        for (size_t i = 0; i < shown->n; i++) {
                const char *flag = shown->v[i];
                enum promise p = promise_of(processors, flag);

                if (p == PROMISED || has_string(extra, flag) || has_string(platform, flag) ||
                    !is_isa_flag(file, flag))
                        continue;
                strv_push(p == UNCERTAIN ? &f.uncertain : &f.lost, flag);
        }
        strv_sort(&f.lost);
        strv_sort(&f.uncertain);
        *ret = f;
        return 1;
}

void ec2_flags_done(struct ec2_flags *f)
{
        strv_done(&f->lost);
        strv_done(&f->uncertain);
}
