#include "unit.h"

#include "parse/ifname.h"

static void test_next(void **state _unused_)
{
        static const struct {
                const char *text, *want;
        } rows[] = {
                { "", "" },
                { "-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT", "eth0" },
                { "-A INPUT -i eth+ -j ACCEPT", "eth+" },
                { "net.ipv4.conf.eth0.rp_filter = 0", "eth0" },
                { "eth0,eth1 \"ens5\" eth0:1 eth0.100", "eth0 eth1 ens5 eth0 eth0" },
                { "enp0s5 ens5f1 enX0 eno1 enp39s0", "enp0s5 ens5f1 enX0 eno1 enp39s0" },
                { "br0 bond0 docker0 beth0 eth0_ip my_eth0 ethernet ensure eth eth12345", "" },
                { "eth*|en*", "" },
                { "eth0s", "" },
                { "/sys/class/net/eth1/queues", "eth1" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct span rest = span_of(rows[i].text), name;
                cleanup_buf struct buf got = { 0 };

                buf_puts(&got, "");
                while (ifname_next(&rest, &name))
                        buf_printf(&got, "%s%.*s", got.len ? " " : "", (int)name.len, name.data);
                assert_string_equal(got.data, rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_next),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
