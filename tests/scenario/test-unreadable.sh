#!/bin/sh
# Nothing that cannot be read may make a verdict better, or worse than undetermined. Each file and
# directory of small roots in turn is closed to a plain user, who then checks the root:
#   a ready one is ready or undetermined, one that is not ready is never ready
. "$(dirname "$0")/../tap.sh"
make_root_tools=$(dirname "$0")/../tools
. "$make_root_tools/make-root.sh"

user=
if [ "$(id -u)" = 0 ]; then
        command -v setpriv >/dev/null || { printf '1..1\nok 1 # SKIP needs setpriv, as root reads everything\n'; exit 0; }
        user='setpriv --reuid 65534 --regid 65534 --clear-groups'
fi
cp "$bin" "$tap_tmp/xen2nitro"
chmod 755 "$tap_tmp" "$tap_tmp/xen2nitro"

verdict()
{
        $user "$tap_tmp/xen2nitro" check --quiet --root "$root" 2>&1 | sed 's/ .*//'
}

# sweep NAME VERDICT ALLOWED: closes each path; the roots made until then stay.
sweep()
{
        is "$1, open" "$(verdict)" "$2"
        is "$1, each path closed in turn" "$(
                find "$root" ! -type l | sort | while read -r path; do
                        mode=$(stat -c %a "$path")
                        chmod 0 "$path"
                        seen=$(verdict)
                        chmod "$mode" "$path"
                        case " $3 " in
                        *" $seen "*) ;;
                        *) echo "${path#"$root"}: $seen" ;;
                        esac
                done)" ''
}

# use NAME BASE: a root to change.
use()
{
        root=$tap_tmp/$1/root
        mkdir -p "$root"
        root_"$2"
}

use debian debian
mkdir -p "$root/etc/udev/rules.d" "$root/etc/systemd/network/99-default.link.d" "$root/etc/default"
put etc/default/networking </dev/null
put etc/modprobe.d/local.conf </dev/null
sweep debian READY 'READY UNDETERMINED'

use damaged ubuntu
truncate -s 3000 "$root/boot/initrd.img-$kernel"
sweep 'a damaged image' NOT 'NOT UNDETERMINED'

use blacklist debian
echo 'install ena /bin/false' | put etc/modprobe.d/local.conf
echo 'blacklist nvme' >"$tree/etc/modprobe.d/local.conf"
repack
sweep 'a blacklist' NOT 'NOT UNDETERMINED'

use names debian
edit boot/grub/grub.cfg 's/ net.ifnames=0//'
sweep 'another name of the card' NOT 'NOT UNDETERMINED'

use turned-off debian
edit boot/grub/grub.cfg 's/ net.ifnames=0//'
mkdir -p "$root/etc/systemd/network/99-default.link.d"
echo '[Link]' | put etc/systemd/network/99-default.link.d/local.conf
sweep 'names that a file may change' UNDETERMINED UNDETERMINED

tap_end
