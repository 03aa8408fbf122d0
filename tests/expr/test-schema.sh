#!/bin/sh
# Every shipped rule fits rules/rule.schema.json, as an independent validator reads it, and so does
# the one in rules/README.md; broken ones are refused by the schema and by the program alike.
. tests/tap.sh

python=/usr/bin/python3
if ! $python -c 'import jsonschema' 2>/dev/null; then
        skip "rule schema" "python3-jsonschema is not installed"
        tap_end
        exit 0
fi

cat >"$tap_tmp/validate.py" <<'PYTHON'
import json, sys
import jsonschema

schema = json.load(open("rules/rule.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for path in sys.argv[1:]:
    for error in validator.iter_errors(json.load(open(path))):
        print("%s: %s" % ("/".join(map(str, error.path)), error.message))
PYTHON

for file in rules/*/*.json; do
        run $python "$tap_tmp/validate.py" "$file"
        is "schema: $file" "$out$err" ""
done

# What only the shipped rules must keep.
run $python - rules/*/*.json <<'PYTHON'
import json, sys
for path in sys.argv[1:]:
    rule = json.load(open(path))
    if path != "rules/%s/%s.json" % (rule["area"], rule["id"]):
        print(path, "is not where its area and id belong")
    if not rule.get("links"):
        print(path, "has no links")
    for case in rule.get("fail", []):
        if case.get("severity", rule["severity"]) != "info" and not ("consequence" in case and "fix" in case):
            print(path, "has a case without consequence or fix")
PYTHON
is "house rules" "$out$err" ""

mkdir "$tap_tmp/example"
sed -n '/^```json$/,/^```$/p' rules/README.md | sed '1d;$d' >"$tap_tmp/example/example-names.json"
run $python "$tap_tmp/validate.py" "$tap_tmp/example/example-names.json"
is "schema: the example of the README" "$out$err" ""
run "$bin" rules list --rules "$tap_tmp/example"
is "program: the example of the README" "$status" 0

# bad NAME RULE: without what matters the rule is good
bad() {
        mkdir -p "$tap_tmp/bad"
        $python - "$2" >"$tap_tmp/bad/t.json" <<'PYTHON'
import json, sys
rule = {"id": "t", "area": "a", "severity": "warning", "title": "T", "pass": "p", "explain": ["x"],
        "fail": [{"if": {"exists": "/a"}, "message": "m"}]}
rule.update(json.loads(sys.argv[1]))
print(json.dumps({key: value for key, value in rule.items() if value != "REMOVE"}))
PYTHON
        run $python "$tap_tmp/validate.py" "$tap_tmp/bad/t.json"
        schema=$([ -n "$out$err" ] && echo refused || echo taken)
        run "$bin" rules list --rules "$tap_tmp/bad"
        program=$([ "$status" = 0 ] && echo taken || echo refused)
        is "$1" "schema $schema, program $program" "schema ${3:-refused}, program ${3:-refused}"
}

bad "nothing wrong" '{}' taken
bad "unknown key" '{"comment": "x"}'
bad "no title" '{"title": "REMOVE"}'
bad "empty title" '{"title": ""}'
bad "no case" '{"fail": "REMOVE"}'
bad "empty list of cases" '{"fail": []}'
bad "null" '{"unknown": null}'
bad "severity" '{"severity": "error"}'
bad "name" '{"area": "a-"}'
bad "applies alone" '{"applies": {"exists": "/a"}}'
bad "none alone" '{"none": "n"}'
bad "where without each" '{"where": {"exists": "/a"}}'
bad "each is relative" '{"each": "a", "none": "n"}'
bad "link" '{"links": ["http://example.com"]}'
bad "explain" '{"explain": []}'
bad "case without message" '{"fail": [{"if": {"exists": "/a"}}]}'
bad "case with another key" '{"fail": [{"if": {"exists": "/a"}, "message": "m", "note": "n"}]}'
bad "condition: empty" '{"fail": [{"if": {}, "message": "m"}]}'
bad "condition: two" '{"fail": [{"if": {"exists": "/a", "empty": "/a"}, "message": "m"}]}'
bad "condition: no operator" '{"fail": [{"if": {"fact": "/a"}, "message": "m"}]}'
bad "condition: two operators" '{"fail": [{"if": {"fact": "/a", "eq": 1, "ne": 2}, "message": "m"}]}'
bad "condition: fact and exists" '{"fail": [{"if": {"fact": "/a", "exists": "/a"}, "message": "m"}]}'
bad "condition: operator alone" '{"fail": [{"if": {"eq": 1}, "message": "m"}]}'
bad "condition: compared with null" '{"fail": [{"if": {"fact": "/a", "eq": null}, "message": "m"}]}'
bad "condition: text less" '{"fail": [{"if": {"fact": "/a", "lt": "1"}, "message": "m"}]}'
bad "condition: in nothing" '{"fail": [{"if": {"fact": "/a", "in": []}, "message": "m"}]}'
bad "path" '{"fail": [{"if": {"exists": "/a//b"}, "message": "m"}]}'
bad "template" '{"pass": [""]}'
tap_end
