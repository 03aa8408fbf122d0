/* Volumes with kernel modules and initramfs images, and the facts of the probes before. */
#pragma once

#include "unit-cpio.h"
#include "unit-index.h"

#include "facts.h"
#include "probe/shared.h"

#define UNIT_RELEASE "6.1.0-test"

#define UNIT_DEP                                                       \
        "nvme kernel/nvme/nvme.ko: kernel/nvme/nvme-core.ko\n"         \
        "nvme_core kernel/nvme/nvme-core.ko:\n"                        \
        "nvme_tcp kernel/nvme/nvme-tcp.ko: kernel/nvme/nvme-core.ko\n" \
        "ena kernel/net/ena.ko:\n"
#define UNIT_ALIAS_NVME "pci:v*d*sv*sd*bc01sc08i02* nvme\n"
#define UNIT_ALIAS_ENA  "pci:v00001D0Fd0000EC20sv*sd*bc*sc*i* ena\n"
#define UNIT_ALIAS      UNIT_ALIAS_NVME "nvmf_transport_1 nvme_tcp\n" UNIT_ALIAS_ENA
#define UNIT_BUILTIN    "ext4\nxen_blkfront\n"

/* lib/modules/RELEASE below dir. NULL: no such index. `files` are blank-separated. */
struct unit_modules {
        const char *release, *dep, *alias, *builtin, *builtin_alias, *files;
};

#define UNIT_FILES \
        "kernel/nvme/nvme.ko kernel/nvme/nvme-core.ko kernel/nvme/nvme-tcp.ko kernel/net/ena.ko"

#define UNIT_MODULES                                                               \
        {                                                                          \
                UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS, UNIT_BUILTIN, NULL, UNIT_FILES \
        }

/* Calls `put` for each file, with its path from lib/modules on. */
static inline void unit_modules_each(const struct unit_modules *m,
                                     void (*put)(void *context, const char *path, struct span),
                                     void *context)
{
        const struct {
                const char *file, *text;
        } indexes[] = {
                { "modules.dep.bin", m->dep },
                { "modules.alias.bin", m->alias },
                { "modules.builtin.bin", m->builtin },
                { "modules.builtin.alias.bin", m->builtin_alias },
        };
        cleanup_free char *files = xstrdup(m->files ? m->files : "");
        char *at = files, *word;

        for (size_t i = 0; i < ARRAY_SIZE(indexes); i++) {
                cleanup_free char *path =
                        xasprintf("lib/modules/%s/%s", m->release, indexes[i].file);
                cleanup_buf struct buf b = { 0 };

                if (!indexes[i].text)
                        continue;
                unit_index_make(&b, indexes[i].text);
                put(context, path, buf_span(&b));
        }
        while ((word = strsep(&at, " "))) {
                cleanup_free char *path = xasprintf("lib/modules/%s/%s", m->release, word);

                if (*word)
                        put(context, path, SPAN("\177ELF"));
        }
}

static inline void unit_put_file(void *dir, const char *path, struct span content)
{
        unit_write(dir, path, content.data, content.len);
}

static inline void unit_put_member(void *archive, const char *path, struct span content)
{
        unit_cpio_add(archive, &(struct unit_member){ .name = path,
                                                      .mode = 0100644,
                                                      .content = content.data,
                                                      .len = content.len });
}

/* Runs one probe over the volume at `dir`. */
static inline void unit_probe_run(const struct probe *probe, const char *dir, struct facts *f)
{
        cleanup_volume struct volume *v = NULL;
        struct err err = { 0 };
        cleanup_shared struct probe_shared shared = { 0 };
        struct probe_context context = { .facts = f, .shared = &shared };

        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, &err), 0);
        context.volume = v;
        probe->run(&context);
}

/* A string fact, "null", or "? why it is not known". */
static inline void unit_print_fact(struct buf *b, const struct facts *f, const char *path)
{
        struct json_object *node;
        const char *file = NULL, *why = facts_why_unknown(f, path, &file);
        int r = facts_get(f, path, &node);

        if (r > 0)
                buf_puts(b, facts_str(f, path) ?: "no string");
        else if (r == 0)
                buf_puts(b, "null");
        else
                buf_printf(b, "? %s: %s", file ? file : "-", why ? why : "no reason");
}
