# Waivers that lie on the volume, and are named: one that counts, one that expired, one about nothing.
# args: --waivers root/etc/xen2nitro/waivers.json
printf '/dev/xvdf1 /data xfs defaults 0 2\n/dev/xvdg1 /srv xfs defaults 0 2\n' >>"$root/etc/fstab"
mkdir "$root/etc/xen2nitro"
cat >"$root/etc/xen2nitro/waivers.json" <<'JSON'
{ "schema": "xen2nitro/waivers/1", "waivers": [
  { "rule": "fstab-device-name", "subject": "/data", "reason": "will be detached before", "owner": "ops", "expires": "2199-12-31" },
  { "rule": "fstab-device-name", "subject": "/srv", "reason": "the same", "owner": "ops", "expires": "2020-12-31" },
  { "rule": "fstab-xenfs", "reason": "copied from another machine", "owner": "ops", "expires": "2199-12-31" } ] }
JSON
