#!/bin/sh
# The README shows what the program prints, and names only what there is.
. tests/tap.sh

# Paragraphs of the sample report that the README leaves out are left out here, too.
run "$bin" check --root packaging/sample-root
shown=$(sed -n '/^NOT READY/,/^\.\.\.$/p' README.md | sed '$d')
printf '%s\n' "$out" >"$tap_tmp/report"
printf '%s\n' "$shown" >"$tap_tmp/shown"
is 'the report of the sample' "$(awk -v RS= 'NR == FNR { shown[$0]; next } $0 in shown { print sep $0; sep = "\n" }' \
        "$tap_tmp/shown" "$tap_tmp/report")" "$shown"

# broken_links FILE: what it links to and is not there, seen from where it stands.
broken_links()
{
        for link in $(grep -o '](\([^)]*\))' "$1" | sed 's/.*](\(.*\))/\1/' | grep -v '^https:' | sort -u); do
                [ -e "$(dirname "$1")/$link" ] || echo "$link"
        done
}
is 'links of README.md' "$(broken_links README.md)" ''
is 'links of rules/README.md' "$(broken_links rules/README.md)" ''
for verb in check facts fix types; do "$bin" $verb --help; done >"$tap_tmp/help"
for option in $(sed '/^NOT READY/,/^\.\.\.$/d' README.md | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
        is "$option is an option" "$(grep -q -- "$option " "$tap_tmp/help" && echo yes)" yes
done
for target in $(sed -n 's/^| `make \([a-z-]*\)`.*/\1/p' README.md); do
        is "make $target is a target" "$(make help | grep -c "^$target:")" 1
done
tap_end
