/*
 * Applies a transaction to a volume, for tests that stop it:
 *
 *     txn-apply ROOT [write FILE TEXT | append FILE TEXT | run FILE,... SCRIPT]...
 *
 * The plan is made from what is there. A script runs on this machine, so ROOT is taken as live.
 * Prints the state and what went wrong; exits 0 committed, 1 refused, 4 undone, 5 stuck.
 */
#include <stdio.h>

#include "base/xalloc.h"
#include "fixes/txn.h"

#define OPS_MAX 32

static struct txn_op ops[OPS_MAX];
static struct blob contents[OPS_MAX];
static struct strv argvs[OPS_MAX], outputs[OPS_MAX];

static void plan_file(const struct volume *v, size_t i, bool append, char *path, char *text)
{
        struct txn_op *op = &ops[i];

        op->kind = append ? TXN_APPEND : TXN_WRITE;
        op->path = path;
        op->bytes = span_of(text);
        op->mode = 0644;
        op->existed = volume_read(v, path, 64u << 20, &contents[i], NULL) > 0;
        if (op->existed)
                digest_of(blob_span(&contents[i]), &op->before);
}

static void plan_tool(size_t i, char *files, const char *script)
{
        for (char *file; (file = strsep(&files, ","));)
                strv_push(&outputs[i], file);
        strv_push(&argvs[i], "/bin/sh");
        strv_push(&argvs[i], "-c");
        strv_push(&argvs[i], script);
        ops[i] = (struct txn_op){
                .kind = TXN_RUN, .argv = &argvs[i], .outputs = &outputs[i], .timeout_s = 20
        };
}

static int apply(const char *root, int argc, char **argv)
{
        cleanup_volume struct volume *v = NULL;
        struct txn_result result;
        struct err err = { 0 };
        size_t n = 0;

        if (volume_open(root, VOLUME_LIVE, &v, &err) < 0)
                return 2;
        for (; argc >= 3 && n < OPS_MAX; argc -= 3, argv += 3, n++)
                if (streq(argv[0], "run"))
                        plan_tool(n, argv[1], argv[2]);
                else
                        plan_file(v, n, streq(argv[0], "append"), argv[1], argv[2]);
        txn_apply(v, ops, n, &result, &err);
        printf("%s %s\n", txn_state_name(result.state), err.text);
        switch (result.state) {
        case TXN_COMMITTED:
                return 0;
        case TXN_ROLLED_BACK:
                return 4;
        case TXN_STUCK:
                return 5;
        default:
                return 1;
        }
}

int main(int argc, char **argv)
{
        int r = argc < 2 ? 2 : apply(argv[1], argc - 2, argv + 2);

        for (size_t i = 0; i < OPS_MAX; i++) {
                blob_done(&contents[i]);
                strv_done(&argvs[i]);
                strv_done(&outputs[i]);
        }
        return r;
}
