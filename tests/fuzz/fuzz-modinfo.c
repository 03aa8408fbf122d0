#include <assert.h>
#include <stdint.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/modinfo.h"

static void read_strings(struct span section, struct span within)
{
        struct span key, value, rest = section, type;
        const char *max;

        while (modinfo_next(&rest, &key, &value)) {
                cleanup_free char *text = span_dup(value), *name = span_dup(key);

                assert(key.data >= within.data);
                assert(value.data + value.len <= within.data + within.len);
                assert(key.data + key.len + 1 == value.data);
                assert(modinfo_find(section, name, &value) || strlen(name) != key.len);
                modinfo_value_fit("uint", text, &max);
        }
        if (modinfo_param_type(section, NULL, "io_timeout", &type))
                assert(type.data + type.len <= within.data + within.len);
        modinfo_param_type(section, "nvme_core", "io_timeout", &type);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span file = { (const char *)data, len }, section = { 0 };
        struct err err = { 0 };
        int r;

        if (len > 4096)
                return 0;
        r = modinfo_section(file, ".modinfo", &section, &err);
        if (r < 0)
                assert(*err.text && !section.data);
        if (r > 0) {
                assert(section.data >= file.data);
                assert(section.data + section.len <= file.data + len);
                read_strings(section, file);
        }
        read_strings(file, file);
        return 0;
}
