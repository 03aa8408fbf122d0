#include "probe/modules.h"

#include <fnmatch.h>

#include "base/xalloc.h"
#include "parse/lines.h"

const struct device device_list[] = {
        {
                .name = "nvme",
                .text = "NVMe disks (PCI 1d0f:8061, class 010802)",
                .modalias = "pci:v00001D0Fd00008061sv00001D0Fsd00000000bc01sc08i02",
                .driver = "nvme",
                .config = "CONFIG_BLK_DEV_NVME",
                .family = (const char *const[]){ "nvme", "nvme_core", NULL },
        },
        {
                .name = "ena",
                .text = "ENA network cards (PCI 1d0f:ec20, class 020000)",
                .modalias = "pci:v00001D0Fd0000EC20sv00001D0Fsd0000EC20bc02sc00i00",
                .driver = "ena",
                .config = "CONFIG_ENA_ETHERNET",
                .late = true,
                .family = (const char *const[]){ "ena", NULL },
        },
        {},
};

const char *modules_index_file(enum modules_index i)
{
        static const char *const names[_MODULES_INDEX_MAX] = {
                [MODULES_DEP] = "modules.dep.bin",
                [MODULES_ALIAS] = "modules.alias.bin",
                [MODULES_BUILTIN] = "modules.builtin.bin",
                [MODULES_BUILTIN_ALIAS] = "modules.builtin.alias.bin",
        };

        return names[i];
}

char *modules_name_of(const char *path)
{
        const char *slash = strrchr(path, '/');
        char *name = xstrdup(slash ? slash + 1 : path);

        name[strcspn(name, ".")] = '\0';
        modprobe_normalise(name);
        return name;
}

void modules_of_dep_line(struct span line, const char *dir, struct strv *ret)
{
        cleanup_free char *copy = span_dup(line);
        char *at = copy, *word;

        while ((word = strsep(&at, " \t")) && ret->n < MODULES_CLOSURE_MAX) {
                size_t len = strlen(word);

                if (ret->n == 0 && len > 0 && word[len - 1] == ':')
                        word[len - 1] = '\0';
                if (*word == '/')
                        strv_push(ret, word);
                else if (*word)
                        strv_push_take(ret, xasprintf("%s/%s", dir, word));
        }
}

bool modules_builtin_text_has(struct span text, const char *module)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_free char *path = span_dup(line_strip(line.text));
                cleanup_free char *name = modules_name_of(path);

                if (streq(name, module))
                        return true;
        }
        return false;
}

void modules_closure(const struct facts *f, const struct device *device, struct strv *ret)
{
        cleanup_free char *list = xasprintf("/drivers/%s/modules", device->name);
        size_t n = facts_count(f, list);

        for (const char *const *name = device->family; *name; name++)
                strv_push(ret, *name);
        for (size_t i = 0; i < n; i++) {
                cleanup_free char *path = xasprintf("%s/%zu/name", list, i);
                const char *name = facts_str(f, path);

                if (name && !strv_contains(ret, name))
                        strv_push(ret, name);
        }
}

bool modules_concerned(const struct modprobe_line *l, const struct device *device,
                       const struct strv *closure)
{
        if (l->verb == MODPROBE_ALIAS)
                return fnmatch(l->name, device->modalias, 0) == 0 || streq(l->name, device->driver);
        if (l->verb != MODPROBE_BLACKLIST && l->verb != MODPROBE_INSTALL &&
            l->verb != MODPROBE_SOFTDEP && l->verb != MODPROBE_OPTIONS)
                return false;
        if (l->verb != MODPROBE_INSTALL)
                return strv_contains(closure, l->name);
        for (size_t i = 0; i < closure->n; i++)
                if (fnmatch(l->name, closure->v[i], 0) == 0)
                        return true;
        return false;
}

static const char *base_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

struct conf_path {
        char *path;
        size_t order;
};

static int compare_conf_paths(const void *a, const void *b)
{
        const struct conf_path *x = a, *y = b;
        int r = strcmp(base_name(x->path), base_name(y->path));

        return r ? r : (x->order > y->order) - (x->order < y->order);
}

void modules_order_conf(struct strv *paths)
{
        cleanup_free struct conf_path *all = xcalloc(paths->n, sizeof(*all));
        size_t n = paths->n, kept = 0;

        for (size_t i = 0; i < n; i++)
                all[i] = (struct conf_path){ paths->v[i], i };
        if (n > 1)
                qsort(all, n, sizeof(*all), compare_conf_paths);
        for (size_t i = 0; i < n; i++) {
                if (kept > 0 && streq(base_name(paths->v[kept - 1]), base_name(all[i].path)))
                        free(all[i].path);
                else
                        paths->v[kept++] = all[i].path;
        }
        paths->n = kept;
}
