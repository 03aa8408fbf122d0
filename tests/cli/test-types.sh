#!/bin/sh
# What `types` prints, and its schema.
. tests/tap.sh

python=/usr/bin/python3
# fits NAME: what is in $out fits the schema
fits() {
        if ! $python -c 'import jsonschema' 2>/dev/null; then
                skip "$1" "python3-jsonschema is not installed"
                return
        fi
        is "$1" "$(printf '%s' "$out" | $python -c '
import json, jsonschema, sys
schema = json.load(open("checker/types.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(json.load(sys.stdin), schema)' 2>&1)" ''
}
names() { printf '%s' "$out" | $python -c 'import json, sys; print(*(t["name"] for t in json.load(sys.stdin)["types"]))'; }

run "$bin" types m4.large
is 'one type' "$status|$out|$err" "0|\
type              system  vCPU      GiB arch        boot      ENA          EBS store GB    CPU
m4.large          xen        2        8 x86_64      bios      unsupported   40 -           haswell,broadwell|"
run "$bin" types c3
is 'a family' "$out" "\
type              system  vCPU      GiB arch        boot      ENA          EBS store GB    CPU
c3.2xlarge        xen        8       15 x86_64      bios      unsupported   39 2x80 ssd    ivy-bridge
c3.4xlarge        xen       16       30 x86_64      bios      unsupported   39 2x160 ssd   ivy-bridge
c3.8xlarge        xen       32       60 x86_64      bios      unsupported   39 2x320 ssd   ivy-bridge
c3.large          xen        2     3.75 i386,x86_64 bios      unsupported   39 2x16 ssd    ivy-bridge
c3.xlarge         xen        4     7.50 x86_64      bios      unsupported   39 2x40 ssd    ivy-bridge"
run "$bin" types 'm5a*.large' --format json
is 'a pattern' "$status|$(names)" '0|m5a.large m5ad.large'
fits 'it fits the schema'
run "$bin" types --format json
fits 'all types fit the schema'
is 'all are some' "$([ "$(names | wc -w)" -gt 1000 ] && echo yes)" yes

run "$bin" types --suggest m4.large --format json
is 'those nearest to one' "$status|$(names)" \
        '0|m5.large m6i.large m7i.large m8i.large m5a.large m6a.large m7a.large m8a.large'
fits 'they fit the schema'
run "$bin" types --suggest t2.micro --output "$tap_tmp/out.txt"
is 'into a file' "$status|$out|$(sed 9q "$tap_tmp/out.txt")" "0||\
t2.micro: xen, 1 vCPU, 1 GiB, Intel
  On each of these, EBS volumes are NVMe disks and the network card is an ENA;
  \"xen2nitro check --target TYPE\" tells whether this machine is ready for it.

t3.micro: 2 vCPU, 1 GiB, Intel, Nitro version 2
  - 2 virtual CPUs, not 1
  - no 32-bit images
  - at most 27 EBS volumes, one less for each network interface after the first
  - CPU credits unlimited by default, which may cost"
run "$bin" types --suggest u7in-32tb.224xlarge
is 'nothing is as big' "$status|$out|$err" \
        '1||xen2nitro: types: no Nitro type has the virtual CPUs and memory of u7in-32tb.224xlarge'
tap_end
