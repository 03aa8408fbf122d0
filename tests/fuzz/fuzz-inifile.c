#include <assert.h>
#include <stdint.h>

#include "parse/inifile.h"

static void parse(struct span text, enum inifile_syntax syntax)
{
        cleanup_inifile struct inifile ini = { 0 };
        struct err err = { 0 };
        size_t line = 0;

        if (inifile_parse(text, syntax, &ini, &err) < 0) {
                assert(ini.n == 0 && err.text[0]);
                return;
        }
        for (size_t i = 0; i < ini.n; i++) {
                const struct inifile_pair *p = &ini.v[i];

                assert(p->line > line && p->line != ini.odd_line);
                line = p->line;
                assert(p->section && p->key && p->value);
                assert(inifile_find(&ini, p->section, p->key) >= p);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };

        parse(text, INIFILE_SYSTEMD);
        parse(text, INIFILE_GLIB);
        return 0;
}
