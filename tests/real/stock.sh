# Machines on which nothing is wrong, for test-stock-NAME.sh: whatever a rule says of them, below, is
# a false alarm or has its reason stated with it.
#
#   silent TITLE [OUTCOME...] -- COMMANDS    a change that harms nothing; the OUTCOMEs, "RULE SEVERITY
#                                            OUTCOME", are all blockers and warnings that may be heard
. "$(dirname "$0")/lib.sh"

silent()
{
        title=$1
        shift
        split_mutation "$@"
        overlay "$lower" root "$root"
        if change "$title"; then
                check "$root"
                is "$title" "$(printf '%s\n' "$summary" | grep -E '^verdict| (blocker|warning) (fail|unknown)$')" \
                        "verdict ready${outcomes:+
$outcomes}"
        fi
        umount -R "$root"
}

# What cloud-init leaves behind when an instance has started once.
launched()
{
        mkdir -p var/lib/cloud/instances/i-0123456789abcdef0 var/lib/cloud/data
        ln -sfn /var/lib/cloud/instances/i-0123456789abcdef0 var/lib/cloud/instance
        echo i-0123456789abcdef0 >var/lib/cloud/data/instance-id
        echo 'DataSourceEc2Local: DataSourceEc2Local' >var/lib/cloud/instance/datasource
}

no_interfaces()
{
        printf 'auto lo\niface lo inet loopback\n' >etc/network/interfaces
}

# Debian's images until 11: a helper writes a stanza for every card that udev finds.
use_ifupdown()
{
        launched
        echo 'network: {config: disabled}' >etc/cloud/cloud.cfg.d/99-disable-network-config.cfg
        printf 'source-directory /etc/network/interfaces.d\nsource-directory /run/network/interfaces.d\n' \
                >etc/network/interfaces
        echo 'SUBSYSTEM=="net", ACTION=="add", ENV{INTERFACE}=="eth*|en*", RUN+="/etc/network/cloud-ifupdown-helper"' \
                >etc/udev/rules.d/75-cloud-ifupdown.rules
        printf 'auto $INTERFACE\nallow-hotplug $INTERFACE\n\niface $INTERFACE inet dhcp\n' \
                >etc/network/cloud-interfaces-template
        cat >etc/network/cloud-ifupdown-helper <<'END'
#!/bin/sh
mkdir -p /run/network/interfaces.d
sed "s/\$INTERFACE/$INTERFACE/g" /etc/network/cloud-interfaces-template >"/run/network/interfaces.d/$INTERFACE"
systemctl --no-block start "ifup@$INTERFACE.service"
END
        chmod 755 etc/network/cloud-ifupdown-helper
}

# What cloud-init has netplan do on EC2: the card is known by its address, which stays.
use_netplan()
{
        launched
        no_interfaces
        cat >etc/netplan/50-cloud-init.yaml <<'END'
network:
    version: 2
    ethernets:
        eth0:
            match:
                macaddress: "0a:ff:c1:23:45:67"
            set-name: "eth0"
            dhcp4: true
            dhcp6: false
END
        chmod 600 etc/netplan/50-cloud-init.yaml
}

# Debian's images since 12: any card, whatever its name.
use_netplan_patterns()
{
        launched
        no_interfaces
        echo 'network: {config: disabled}' >etc/cloud/cloud.cfg.d/99-disable-network-config.cfg
        cat >etc/netplan/90-default.yaml <<'END'
network:
    version: 2
    ethernets:
        all-en:
            match:
                name: en*
            dhcp4: true
        all-eth:
            match:
                name: eth*
            dhcp4: true
END
}

use_networkd()
{
        launched
        no_interfaces
        echo 'network: {config: disabled}' >etc/cloud/cloud.cfg.d/99-disable-network-config.cfg
        printf '[Match]\nName=en* eth*\n\n[Network]\nDHCP=yes\n' >etc/systemd/network/80-dhcp.network
        mkdir -p etc/systemd/system/multi-user.target.wants
        ln -sf /lib/systemd/system/systemd-networkd.service etc/systemd/system/multi-user.target.wants/
}

# The other of the two kernels: the second entry of the submenu of all.
use_generic_kernel()
{
        sed -i 's/set default="0"/set default="1>2"/' boot/grub/grub.cfg
        grep -q 'set default="1>2"' boot/grub/grub.cfg
}

# Volumes by names that are stored on them, a raid and a mapping, time from Amazon.
use_more_volumes()
{
        cat >>etc/fstab <<'END'
UUID=11111111-2222-4333-8444-555555555555 /srv ext4 defaults,nofail 0 2
/dev/mapper/data-home /home ext4 defaults,nofail 0 2
LABEL=scratch /scratch xfs defaults,nofail,x-systemd.device-timeout=10s 0 0
/dev/md/backup /backup ext4 defaults,nofail 0 2
tmpfs /tmp tmpfs defaults,noatime,mode=1777 0 0
END
        echo 'ARRAY /dev/md/backup metadata=1.2 UUID=01234567:89abcdef:01234567:89abcdef' >>etc/mdadm/mdadm.conf
        echo 'secret UUID=66666666-7777-4888-8999-aaaaaaaaaaaa none luks,nofail' >>etc/crypttab
        sed -i '/^pool/d' etc/chrony/chrony.conf
        echo 'server 169.254.169.123 prefer iburst minpoll 4 maxpoll 4' >>etc/chrony/chrony.conf
}

# run_stock [OUTCOME...]: those of this Debian in every state.
run_stock()
{
        silent 'as installed' "$@" -- :
        silent 'ifupdown, cloud helper' "$@" -- use_ifupdown
        silent 'netplan, by address' "$@" -- use_netplan
        silent 'netplan, any card; the generic kernel' "$@" -- 'use_netplan_patterns; use_generic_kernel'
        silent 'systemd-networkd' "$@" -- use_networkd
        silent 'systemd-networkd, the generic kernel; more volumes' "$@" -- 'use_networkd; use_generic_kernel; use_more_volumes'
}
