#!/bin/sh
# The sample root in the repository shows what a first run is to show.
. "$(dirname "$0")/../tap.sh"

run "$bin" check --root packaging/sample-root --format json
is 'the sample is not ready, and these are the reasons' "$status
$(printf '%s' "$out" | /usr/bin/python3 -c '
import json, sys
for finding in json.load(sys.stdin)["findings"]:
        if finding["outcome"] in ("fail", "unknown"):
                print(finding["outcome"], finding["severity"], finding["rule"], finding["subject"])')" '1
fail blocker cmdline-root-device root=
fail blocker fstab-device-name /data
fail blocker net-predictable-rename ens5
fail blocker nvme-initramfs-missing None
fail warning fstab-device-name /
fail warning fstab-device-name none
fail warning nvme-io-timeout None
fail info clocksource-xen xen'

# Index files, of which the image has copies, differ between versions of depmod.
names()
{
        cpio -t --quiet <"$1/boot/initrd.img-6.1.0-18-amd64"
}
mkdir "$tap_tmp/tree"
cp -R packaging tests "$tap_tmp/tree/"
run sh "$tap_tmp/tree/packaging/make-sample.sh"
is 'the sample is what make-sample.sh writes' "$status: $err
$(diff -r --no-dereference -x 'modules.*' -x 'initrd.img-*' packaging/sample-root "$tap_tmp/tree/packaging/sample-root" 2>&1)" '0: 
'
is 'and its image has the same files' "$(names packaging/sample-root)" "$(names "$tap_tmp/tree/packaging/sample-root")"
tap_end
