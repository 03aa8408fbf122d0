#!/bin/sh
# Verbs, options and exit codes: what is refused, and with which hint.
. tests/tap.sh

# refused NAME STDERR ARG...: exit 2, that one line on stderr, nothing on stdout
refused() {
        name=$1
        expected=$2
        shift 2
        run "$bin" "$@"
        is "$name" "$status|$out|$err" "2||xen2nitro: $expected"
}

refused "unknown verb" 'unknown verb "chekc", did you mean "check"?' chekc
refused "unknown verb without a likeness" 'unknown verb "frobnicate"' frobnicate
refused "misspelt option" 'check: unknown option --taget, did you mean "--target"?' check --taget m5.large
refused "misspelt option with a value" 'check: unknown option --taget, did you mean "--target"?' check --taget=m5.large
refused "option of another verb" 'facts: unknown option --strict' facts --strict
refused "unknown letter" 'check: unknown option -z' check -z
refused "option without its argument" 'check: --root needs an argument' check --root
refused "volume without --root" 'check: takes no argument, but was given "/mnt"; a volume is named by --root' check /mnt
refused "unknown format" 'check: --format: "yaml" is not text or json' check --root / --format yaml
refused "unknown rule in --skip" '--skip: no rule "nvme-initramfs-mising", did you mean "nvme-initramfs-missing"?' \
        check --root / --skip nvme-initramfs-mising
refused "unknown rule in --only" '--only: no rule "x"' check --root / --only x
refused "root that is not there" '/nonexistent: No such file or directory' check --root /nonexistent
refused "root that is a file" '/etc/passwd: Not a directory' check --root /etc/passwd
refused "facts that are not there" '/nonexistent: No such file or directory' check --facts /nonexistent
refused "facts with a volume" '--facts looks at no volume: it goes without --root' check --facts x --root /
refused "rules with an unknown word" 'rules: "lnit" is not list or lint' rules lnit
refused "explain without a rule" 'explain: name one rule; "xen2nitro rules" lists them' explain
refused "explain of a misspelt rule" 'explain: no rule "already-nitor", did you mean "already-nitro"?' explain already-nitor
refused "saved blkid output that is not there" '/nonexistent: No such file or directory' \
        check --root / --blkid /nonexistent

refused "misspelt instance type" '--target: no instance type "m5.lage" is known, did you mean "m5.large"?' \
        check --root / --target m5.lage
refused "instance type nobody knows" '--target: no instance type "x" is known' check --root / --target x
refused "Xen-based target" '--target: t2.micro is Xen-based; name the Nitro-based type to move to' \
        check --root / --target t2.micro
refused "target of another architecture" \
        '--target: m6g.large does not run x86_64, which all Xen-based types are' facts --root / --target m6g.large

refused "move of an unknown kind" '--mode: "copy" is not resize or clone' check --root / --mode copy
refused "misspelt type to move from" '--source: no instance type "m4.lage" is known, did you mean "m4.large"?' \
        plan --root / --source m4.lage
refused "type to move from of another architecture" \
        '--source: m6g.large does not run x86_64, which all Xen-based types are' facts --root / --source m6g.large

refused "types of no such family" 'types: no instance type "m4.lage" is known, did you mean "m4.large"?' types m4.lage
refused "types like a misspelt one" 'types: no instance type "m4.lage" is known, did you mean "m4.large"?' \
        types --suggest m4.lage
refused "types like one, and a pattern" 'types: --suggest goes without a pattern' types --suggest m4.large m5
refused "types of two patterns" 'types: one pattern, such as m5 or "m5*.large"' types m4 m5
refused "types in another format" 'types: --format: "yaml" is not text or json' types --format yaml

refused "plan with a misspelt fix" '--confirm: no fix "fstab-xenfz", did you mean "fstab-xenfs"?' \
        plan --root / --confirm fstab-xenfz
refused "plan with a misspelt rule" '--only: no rule "fstab-xenfz", did you mean "fstab-xenfs"?' \
        plan --root / --only fstab-xenfz
refused "plan in another format" 'plan: --format: "diff" is not text or json' plan --root / --format diff
refused "plan of recorded facts" 'plan: unknown option --facts' plan --facts x
refused "chroot without a volume" '--chroot is for a volume given with --root' plan --chroot
refused "fix without a terminal and without --yes" \
        'fix: there is no terminal to ask on: it needs --yes, or --dry-run to see the plan' fix --root /
refused "fix that answers a program" \
        'fix: --format json asks nothing: it needs --yes, or --dry-run to see the plan' fix --root / --format json

printf '{' >"$tap_tmp/facts"
refused "facts that are not JSON" "$tap_tmp/facts: line 1: the JSON text ends too early" check --facts "$tap_tmp/facts"

run "$bin" --version
is "--version" "$status|$out|$err" "0|xen2nitro 0.1.0|"
run "$bin"
is "no verb at all is a usage error, the usage on stderr" "$status|$out|$(echo "$err" | head -n 1)" \
        "2||xen2nitro tells whether this Linux machine will boot and be reachable after a move"
run "$bin" --help
is "--help" "$status|$(echo "$out" | tail -n 1)|$err" \
        "0|      4 a fix failed and was undone, 5 it failed and needs a person.|"

# Every option that a verb's help names is one that the verb takes: it gets past the parser.
for verb in check facts rules explain plan fix rollback history; do
        run "$bin" "$verb" --help
        for option in $(printf '%s\n' "$out" | sed -n 's/^  .*  *\(--[a-z-]*\) .*/\1/p'); do
                run "$bin" "$verb" "$option" /nonexistent/x
                case $err in
                *"unknown option $option"*) taken=no ;;
                *) taken=yes ;;
                esac
                is "$verb $option of the help is taken" "$taken" yes
        done
done
tap_end
