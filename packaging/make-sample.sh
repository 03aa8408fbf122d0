#!/bin/sh
# Writes packaging/sample-root anew: what `bootstrap run` checks to show the main job on a machine
# that is no EC2 instance. It is the scenario xen-era; its binary files hold headers and names only.
set -eu
cd "$(dirname "$0")/.."
make_root_tools=tests/tools
. tests/tools/make-root.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$root"
root_debian
. tests/roots/xen-era.sh
rmdir "$root/dev" "$root/proc" "$root/sys" "$root/run" "$root/usr/bin"
rm "$root/bin"
rm -rf packaging/sample-root
mv "$root" packaging/sample-root
