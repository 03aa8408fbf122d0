#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubvars.h"
static void check(const struct grubvars *vars)
{
        size_t bytes = 0;

        for (size_t i = 0; i < vars->n; i++) {
                bytes += strlen(vars->v[i].value);
                assert(i == 0 || strcmp(vars->v[i - 1].name, vars->v[i].name) < 0);
                assert(grubvars_get(vars, vars->v[i].name) == &vars->v[i]);
        }
        assert(bytes == vars->bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_free char *text = xmemdup0(data, len);
        struct grubvars vars[2] = { 0 }, copy;
        char *next = text;

        /* A line each: an operation, a name of one byte, a value. */
        while (next) {
                char *line = strsep(&next, "\n"), name[2] = { 0 };
                struct grubvars *v = &vars[*line & 1];

                if (strlen(line) < 2)
                        continue;
                name[0] = line[1];
                if (*line & 2)
                        grubvars_set(v, name, line + 2, NULL, NULL);
                else if (*line & 4)
                        grubvars_unset(v, name);
                else
                        grubvars_export(v, name);
                check(v);
        }
        copy = grubvars_copy(&vars[0], true);
        check(&copy);
        grubvars_join(&vars[0], &vars[1], "why");
        check(&vars[0]);
        grubvars_done(&copy);
        grubvars_done(&vars[0]);
        grubvars_done(&vars[1]);
        return 0;
}
