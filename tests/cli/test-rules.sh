#!/bin/sh
# Rules of one's own: how they are listed, explained, checked, and refused.
. tests/tap.sh
rules=$tap_tmp/rules
mkdir "$rules"

# rule ID SEVERITY PATH
rule()
{
        cat >"$rules/$1.json" <<END
{ "id": "$1", "area": "devices", "severity": "$2", "title": "Nothing of the kind",
  "fail": [ { "if": { "fact": "$3", "eq": "live" }, "message": "m", "consequence": "c", "fix": "f" } ],
  "pass": "p", "explain": ["One.", "Two."], "links": ["https://example.com/a", "https://example.com/b"] }
END
}

rule of-my-own warning /volume/mode
run "$bin" rules --rules "$rules"
is 'list: sorted by area, then by name' "$(printf '%s\n' "$out" | awk '{ print $2, $1 }')" \
        "$(printf '%s\n' "$out" | awk '{ print $2, $1 }' | sort)"
is 'list: mine in its columns' "$(printf '%s\n' "$out" | grep of-my-own)" \
        'of-my-own                  devices  warning  Nothing of the kind'
run "$bin" explain of-my-own --rules "$rules"
is 'explain' "$status|$out|$err" "0|of-my-own  (warning, devices)
  Nothing of the kind

  One.

  Two.

  See   https://example.com/a
        https://example.com/b

  Rule file: $rules/of-my-own.json|"
run "$bin" rules lint
is 'lint: nothing wrong with the built-in ones' "$status|$out|$err" '0|no mistakes|'
run "$bin" check --root packaging/sample-root --rules "$rules" --only of-my-own -v
is 'check: it is asked' "$(printf '%s\n' "$out" | grep 'of-my-own')" '  pass           of-my-own: p'

# The same id replaces a built-in rule.
rule already-nitro info /volume/mode
run "$bin" explain already-nitro --rules "$rules"
is 'a rule with a known id replaces it' "$(printf '%s\n' "$out" | tail -n 1)" "  Rule file: $rules/already-nitro.json"
is 'and there is one of that id' "$("$bin" rules --rules "$rules" | grep -c '^already-nitro ')" 1

rule wrong-path warning /os/mood
run "$bin" rules lint --rules "$rules"
is 'lint: a fact that no probe provides' "$status|$out|$err" "1|$rules/wrong-path.json: fail/0/if/fact: no probe provides /os/mood
1 mistake|"
run "$bin" check --root packaging/sample-root --rules "$rules" --only wrong-path
is 'check: what is not known is no pass' "$status|$(printf '%s\n' "$out" | sed -n 's/^  cannot tell/cannot tell/p')" \
        '3|cannot tell: /os/mood is not known'

echo '{' >"$rules/broken.json"
run "$bin" check --root packaging/sample-root --rules "$rules"
is 'one broken rule refuses the set' "$status|$out|$err" \
        "2||xen2nitro: rules: $rules/broken.json: line 2: the JSON text ends too early"
run "$bin" rules lint --rules "$rules"
is 'lint names all mistakes' "$status|$(printf '%s\n' "$out" | tail -n 1)" '1|2 mistakes'
run "$bin" rules --rules "$tap_tmp/none"
is 'a directory that is not there' "$status|$err" "2|xen2nitro: rules: $tap_tmp/none: No such file or directory"
tap_end
