/*
 * Where disks are named outside of what the boot itself reads: scripts, monitoring, databases,
 * containers, backups. What the programs do with a name is not understood; that it is there is.
 */
#include "base/xalloc.h"
#include "parse/shellvar.h"
#include "probe/mentions.h"

#define SCRIPTS      "/mentions/scripts"
#define MONITORING   "/mentions/monitoring"
#define DATABASES    "/mentions/databases"
#define DOCKER       "/mentions/docker"
#define DOCKER_WIPES "/mentions/docker_wipes"
#define KDUMP        "/mentions/kdump"
#define OTHERS       "/mentions/others"
#define MOUNTS       "/mentions/mounts"

#define AT_BOOT  "at every boot"
#define AT_LOGIN "when somebody logs in"
#define BY_CRON  "when cron runs it"
#define BY_UNIT  "when systemd starts it"
#define BY_HAND  "when something calls it"
#define AT_FIRST "at the first boot of an instance"

/* clang-format off */
#define SCRIPT    { MENTION_SCRIPT, false }
#define UNIT      { MENTION_UNIT, false }
#define CONFIG    { MENTION_CONFIG, false }
#define BARE      { MENTION_CONFIG, true }
#define DATA      { MENTION_DATA, false }
#define BARE_DATA { MENTION_DATA, true }
#define XML       { MENTION_XML, false }

static const struct mention_place places[] = {
        /* Red Hat's rc.local first: the other one is a link to it. */
        { SCRIPTS, "/etc/rc.d", "rc.local", SCRIPT, AT_BOOT },
        { SCRIPTS, "/etc", "rc.local", SCRIPT, AT_BOOT },
        { SCRIPTS, "/etc/rc.d/init.d", "*", SCRIPT, AT_BOOT, .only_scripts = true },
        { SCRIPTS, "/etc/init.d", "*", SCRIPT, AT_BOOT, .only_scripts = true },
        { SCRIPTS, "/etc/profile.d", "*.sh", SCRIPT, AT_LOGIN },
        { SCRIPTS, "/etc", "crontab", SCRIPT, BY_CRON },
        { SCRIPTS, "/etc/cron.d", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/etc/cron.hourly", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/etc/cron.daily", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/etc/cron.weekly", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/etc/cron.monthly", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/var/spool/cron/crontabs", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/var/spool/cron/tabs", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/var/spool/cron", "*", SCRIPT, BY_CRON },
        { SCRIPTS, "/etc/systemd/system", "*.service", UNIT, BY_UNIT, .no_links = true },
        { SCRIPTS, "/usr/local/bin", "*", SCRIPT, BY_HAND, .only_scripts = true },
        { SCRIPTS, "/usr/local/sbin", "*", SCRIPT, BY_HAND, .only_scripts = true },
        { SCRIPTS, "/var/lib/cloud/scripts/per-boot", "*", SCRIPT, AT_BOOT },
        { SCRIPTS, "/var/lib/cloud/scripts/per-instance", "*", SCRIPT, AT_FIRST },
        { SCRIPTS, "/var/lib/cloud/instance/scripts", "*", SCRIPT, AT_FIRST },

        { MONITORING, "/etc", "smartd.conf", CONFIG },
        { MONITORING, "/etc/smartmontools", "smartd.conf", CONFIG },
        { MONITORING, "/etc", "hdparm.conf", CONFIG },
        { MONITORING, "/opt/aws/amazon-cloudwatch-agent/etc", "*.json", BARE_DATA },
        { MONITORING, "/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d", "*", BARE_DATA },
        { MONITORING, "/opt/aws/amazon-cloudwatch-agent/bin", "config.json", BARE_DATA },
        { MONITORING, "/etc", "collectd.conf", BARE },
        { MONITORING, "/etc/collectd", "collectd.conf", BARE },
        { MONITORING, "/etc/collectd/collectd.conf.d", "*.conf", BARE },
        { MONITORING, "/etc/collectd.d", "*.conf", BARE },
        { MONITORING, "/etc/telegraf", "telegraf.conf", BARE },
        { MONITORING, "/etc/telegraf/telegraf.d", "*.conf", BARE },
        { MONITORING, "/etc/munin/plugin-conf.d", "*", BARE },
        { MONITORING, "/etc/nagios", "*.cfg", BARE },
        { MONITORING, "/etc/nagios/nrpe.d", "*.cfg", BARE },
        { MONITORING, "/etc/nrpe.d", "*.cfg", BARE },
        { MONITORING, "/etc", "monitrc", BARE },
        { MONITORING, "/etc", "monit.conf", BARE },
        { MONITORING, "/etc/monit", "monitrc", BARE },
        { MONITORING, "/etc/monit.d", "*", BARE },
        { MONITORING, "/etc/monit/conf.d", "*", BARE },
        { MONITORING, "/etc/monit/conf-enabled", "*", BARE },
        { MONITORING, "/etc/zabbix", "*.conf", BARE },
        { MONITORING, "/etc/zabbix/zabbix_agentd.d", "*.conf", BARE },
        { MONITORING, "/etc/zabbix/zabbix_agent2.d", "*.conf", BARE },
        { MONITORING, "/etc/datadog-agent/conf.d", "disk.yaml", BARE },
        { MONITORING, "/etc/datadog-agent/conf.d/disk.d", "*.yaml", BARE },
        { MONITORING, "/etc/dd-agent/conf.d", "disk.yaml", BARE },
        { MONITORING, "/etc/snmp", "snmpd.conf", BARE },

        { DATABASES, "/etc/sysconfig", "rawdevices", CONFIG },
        { DATABASES, "/etc", "raw", BARE },
        { DATABASES, "/etc", "oracleafd.conf", CONFIG },
        { DATABASES, "/etc", "drbd.conf", CONFIG },
        { DATABASES, "/etc/drbd.d", "*", CONFIG },
        { DATABASES, "/etc/target", "saveconfig.json", DATA },
        { DATABASES, "/etc/tgt", "targets.conf", CONFIG },
        { DATABASES, "/etc/tgt/conf.d", "*.conf", CONFIG },
        { DATABASES, "/etc/iet", "ietd.conf", CONFIG },
        { DATABASES, "/etc/aerospike", "*.conf", CONFIG },
        { DATABASES, "/etc", "my.cnf", CONFIG },
        { DATABASES, "/etc/my.cnf.d", "*.cnf", CONFIG },
        { DATABASES, "/etc/mysql", "*.cnf", CONFIG },
        { DATABASES, "/etc/mysql/conf.d", "*.cnf", CONFIG },
        { DATABASES, "/etc/mysql/mysql.conf.d", "*.cnf", CONFIG },
        { DATABASES, "/etc/mysql/mariadb.conf.d", "*.cnf", CONFIG },
        { DATABASES, "/etc/ceph", "*.conf", CONFIG },
        { DATABASES, "/etc/vx", "disk.info", CONFIG },
        { DATABASES, "/var/mmfs/etc", "nsddevices", SCRIPT },

        { DOCKER, "/etc/sysconfig", "docker-storage-setup", BARE },
        { DOCKER, "/etc/sysconfig", "docker-storage", CONFIG },
        { DOCKER, "/etc/sysconfig", "docker", CONFIG },
        { DOCKER, "/etc/default", "docker", CONFIG },
        { DOCKER, "/etc/docker", "daemon.json", DATA },
        { DOCKER, "/etc/containers", "storage.conf", CONFIG },

        { KDUMP, "/etc", "kdump.conf", CONFIG },

        { MOUNTS, "/etc", "auto.*", CONFIG },
        { MOUNTS, "/etc/auto.master.d", "*.autofs", CONFIG },
        { MOUNTS, "/etc", "quotatab", CONFIG },
        { MOUNTS, "/etc", "warnquota.conf", CONFIG },

        { OTHERS, "/etc/rear", "*.conf", CONFIG },
        { OTHERS, "/etc/bacula", "*.conf", CONFIG },
        { OTHERS, "/etc/libvirt/qemu", "*.xml", XML },
        { OTHERS, "/etc/libvirt/storage", "*.xml", XML },
        { OTHERS, "/etc/kubernetes/manifests", "*.yaml", CONFIG },
};
/* clang-format on */

/* ---- links whose names or targets say it ---- */

/* A link is one line. */
static void publish_link(struct mentions_look *l, const struct mention_place *place,
                         const char *path, char *value, const char *target)
{
        cleanup_free char *text = xasprintf("%s -> %s", path, target);
        const struct mention m = { .value = value,
                                   .kind = devname_classify(span_of(value)),
                                   .text = span_of(text) };

        free(mentions_publish(l, place, path, &m, false));
}

/* munin runs a plugin under the name of a link to it: diskstat_iops_xvda. */
static void look_at_munin(struct mentions_look *l)
{
        static const struct mention_place place = { MONITORING, "/etc/munin/plugins", "*", BARE };
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->context->volume, place.dir, &names, &err) < 0)
                mentions_incomplete(l, place.list, place.dir, err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", place.dir, names.v[i]);
                cleanup_free char *value = mention_at_end(names.v[i]), *target = NULL;

                if (value && volume_readlink(l->context->volume, path, &target, NULL) > 0)
                        publish_link(l, &place, path, value, target);
        }
}

/* An OSD of Ceph has its disks as links beside it. */
static void look_at_osd(struct mentions_look *l, const char *dir)
{
        static const char *const links[] = { "block", "block.db", "block.wal", "journal" };
        static const struct mention_place place = { DATABASES, "/var/lib/ceph/osd", "*", DATA };

        for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
                cleanup_free char *path = xasprintf("%s/%s/%s", place.dir, dir, links[i]);
                cleanup_free char *target = NULL;
                struct err err = { 0 };
                int r = volume_readlink(l->context->volume, path, &target, &err);

                if (r < 0)
                        mentions_incomplete(l, place.list, path, err.text);
                if (r > 0 && mention_is_disk(devname_classify(span_of(target))))
                        publish_link(l, &place, path, target, target);
        }
}

static void look_at_ceph(struct mentions_look *l)
{
        static const char dir[] = "/var/lib/ceph/osd";
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->context->volume, dir, &names, &err) < 0)
                mentions_incomplete(l, DATABASES, dir, err.text);
        for (size_t i = 0; i < names.n; i++)
                look_at_osd(l, names.v[i]);
}

/* What is added to units: x.service.d/y.conf. */
static void look_at_drop_ins(struct mentions_look *l)
{
        cleanup_strv struct strv names = { 0 };

        /* That it cannot be read was said when its units were looked at. */
        if (volume_list(l->context->volume, "/etc/systemd/system", &names, NULL) < 0)
                return;
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *dir = xasprintf("/etc/systemd/system/%s", names.v[i]);
                const struct mention_place place = { SCRIPTS, dir, "*.conf", UNIT, BY_UNIT };

                if (str_endswith(names.v[i], ".service.d"))
                        mentions_look_at(l, &place);
        }
}

/* Whether docker-storage-setup takes disks that are not empty. */
static void publish_wipes(struct probe_context *context)
{
        static const char file[] = "/etc/sysconfig/docker-storage-setup";
        cleanup_blob struct blob blob = { 0 };
        struct shellvar var;
        struct lines lines;
        struct err err = { 0 };
        bool wipes = false;

        if (volume_read(context->volume, file, MENTION_FILE_MAX, &blob, &err) < 0) {
                facts_unknown(context->facts, DOCKER_WIPES, file, "%s", err.text);
                return;
        }
        lines = lines_of(blob_span(&blob));
        while (shellvar_next(&lines, &var)) {
                cleanup_free char *value = var.value;

                if (span_eq(var.name, "WIPE_SIGNATURES"))
                        wipes = streq(value, "true");
        }
        facts_set_bool(context->facts, wipes, DOCKER_WIPES);
}

static void run_mentions(struct probe_context *context)
{
        static const char *const lists[] = { SCRIPTS, MONITORING, DATABASES, DOCKER,
                                             KDUMP,   MOUNTS,     OTHERS };
        cleanup_mentions_look struct mentions_look look;

        for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
                facts_set_array(context->facts, "%s", lists[i]);
        mentions_begin(context, &look);
        for (size_t i = 0; i < ARRAY_SIZE(places); i++)
                mentions_look_at(&look, &places[i]);
        look_at_drop_ins(&look);
        look_at_munin(&look);
        look_at_ceph(&look);
        if (facts_count(context->facts, DOCKER) > 0)
                publish_wipes(context);
        else
                facts_set_null(context->facts, DOCKER_WIPES);
}

static const struct fact_decl mentions_facts[] = {
        { SCRIPTS, FACT_ARRAY, "disks named by scripts, cron and services" },
        MENTIONS_FACTS(SCRIPTS),
        { MONITORING, FACT_ARRAY, "disks named by what watches them" },
        MENTIONS_FACTS(MONITORING),
        { DATABASES, FACT_ARRAY, "disks that databases and storage servers use without a mount" },
        MENTIONS_FACTS(DATABASES),
        { DOCKER, FACT_ARRAY, "disks that containers are stored on" },
        MENTIONS_FACTS(DOCKER),
        { DOCKER_WIPES, FACT_BOOL,
          "docker-storage-setup takes disks that are not empty, null: it is given none" },
        { KDUMP, FACT_ARRAY, "disks that crash dumps go to" },
        MENTIONS_FACTS(KDUMP),
        { MOUNTS, FACT_ARRAY, "disks named by maps of the automounter and by quota's messages" },
        MENTIONS_FACTS(MOUNTS),
        { OTHERS, FACT_ARRAY, "disks named by backups, virtual machines and Kubernetes" },
        MENTIONS_FACTS(OTHERS),
        {}
};

const struct probe probe_mentions = {
        .name = "mentions",
        .needs = PROBE_NEEDS("fstab", "guest"),
        .provides = mentions_facts,
        .run = run_mentions,
};
