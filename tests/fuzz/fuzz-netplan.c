#include <assert.h>
#include <stdint.h>

#include "parse/netplan.h"

/* Read twice, as two files: the second adds nothing new, so it must say the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_netplan struct netplan plan = { 0 };
        struct err err = { 0 };
        int r = netplan_parse(text, 0, &plan, &err);
        size_t n = plan.n;

        assert(r == 0 || err.text[0]);
        for (size_t i = 0; i < n; i++) {
                assert(plan.v[i].id && plan.v[i].line > 0);
                assert(plan.v[i].has_match ||
                       (!plan.v[i].match_name && !plan.v[i].match_mac && !plan.v[i].match_driver));
        }
        assert(netplan_parse(text, 1, &plan, &err) == r);
        assert(plan.n == n);
        return 0;
}
