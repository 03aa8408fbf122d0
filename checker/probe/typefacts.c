#include "probe/typefacts.h"

void typefacts_list(struct facts *f, const struct strv *values, const char *path)
{
        facts_set_array(f, "%s", path);
        for (size_t i = 0; i < values->n; i++)
                facts_set_str(f, values->v[i], "%s/%zu", path, i);
}

static void publish_unknown(struct facts *f, const char *path, const char *name)
{
        cleanup_strv struct strv nearest = { 0 };
        cleanup_buf struct buf names = { 0 };

        ec2_type_nearest(name, &nearest);
        for (size_t i = 0; i < nearest.n; i++)
                buf_printf(&names, "%s%s", i ? ", " : "; like it are ", nearest.v[i]);
        facts_set_bool(f, false, "%s/known", path);
        facts_unknown(f, path, NULL, "no instance type %s is known%s", name,
                      names.len ? names.data : "");
}

/* A number that a source states, or else a reason. */
static void publish_number(struct facts *f, const char *path, const char *key, int64_t value,
                           const char *type)
{
        cleanup_buf struct buf at = { 0 };

        buf_printf(&at, "%s/%s", path, key);
        if (value > 0)
                facts_set_int(f, value, "%s", at.data);
        else
                facts_unknown(f, at.data, NULL, "it is not known of %s", type);
}

static void publish_boot(struct facts *f, const char *path, const struct ec2_type *t)
{
        cleanup_buf struct buf at = { 0 };

        buf_printf(&at, "%s/boot", path);
        if (t->boot.n)
                typefacts_list(f, &t->boot, at.data);
        else
                facts_unknown(f, at.data, NULL, "the boot modes of %s are not known", t->name);
}

static void publish_store(struct facts *f, const char *path, const struct ec2_type *t)
{
        if (t->store_count == 0) {
                facts_set_null(f, "%s/instance_store", path);
                return;
        }
        facts_set_int(f, t->store_count, "%s/instance_store/count", path);
        facts_set_int(f, t->store_size_gb, "%s/instance_store/size_gb", path);
        facts_set_str(f, t->store_media, "%s/instance_store/media", path);
        facts_set_bool(f, t->store_nvme, "%s/instance_store/nvme", path);
}

static void publish_type(struct facts *f, const char *path, const struct ec2_type *t)
{
        cleanup_buf struct buf arch = { 0 };

        facts_set_bool(f, true, "%s/known", path);
        facts_set_str(f, t->hypervisor, "%s/hypervisor", path);
        facts_set_str(f, t->vendor, "%s/vendor", path);
        facts_set_bool(f, t->current_generation, "%s/current_generation", path);
        if (t->nitro)
                facts_set_int(f, t->nitro, "%s/nitro", path);
        else
                facts_set_null(f, "%s/nitro", path);
        buf_printf(&arch, "%s/arch", path);
        typefacts_list(f, &t->arch, arch.data);
        publish_boot(f, path, t);
        facts_set_str(f, t->ena, "%s/ena", path);
        publish_number(f, path, "vcpus", t->vcpus, t->name);
        publish_number(f, path, "mem_mib", t->mem_mib, t->name);
        publish_number(f, path, "max_enis", t->max_enis, t->name);
        publish_number(f, path, "ebs_max", t->ebs_max, t->name);
        facts_set_str(f, t->ebs_limit, "%s/ebs_limit", path);
        facts_set_str(f, t->ebs_optimized, "%s/ebs_optimized", path);
        facts_set_str(f, t->credits, "%s/credits", path);
        publish_store(f, path, t);
}

int typefacts_publish(struct facts *f, const char *path, const char *name, const char *why_none,
                      struct ec2_type *ret)
{
        if (!name) {
                facts_unknown(f, path, NULL, "%s", why_none);
                return 0;
        }
        if (ec2_type_find(name, ret) == 0) {
                publish_unknown(f, path, name);
                return 0;
        }
        publish_type(f, path, ret);
        return 1;
}
