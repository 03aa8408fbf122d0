"""The table of rules at the end of rules/README.md, from the rules and the golden files of the scenarios.

        rules-table.py           writes it there
        rules-table.py --check   prints what is wrong with it, one mistake per line
"""
import json
import os
import re
import sys

from goldens import BASES, TESTS, said, said_here, scenarios, text_of

RULES = os.path.join(TESTS, "../rules")
README = os.path.join(RULES, "README.md")
START = "\n## The rules\n"
TEXT = START + """
Made by `make rules-table`. Scenarios are small roots, looked at offline. Those named show the rule
failing; of a rule that never fails, not knowing; of one that needs a running machine, its tests do.

| rule | severity | looks at | shown by |
| --- | --- | --- | --- |
"""
SHOWN = 3  # scenarios per rule


def load_rules():
        for area in sorted(os.listdir(RULES)):
                if os.path.isdir(os.path.join(RULES, area)):
                        for name in sorted(os.listdir(os.path.join(RULES, area))):
                                with open(os.path.join(RULES, area, name)) as file:
                                        yield json.load(file)


def observed():
        """{(rule, outcome): names of scenarios}, and the rules that any scenario could judge."""
        seen, judged = {}, set()
        for name in list(BASES) + scenarios():
                for rule, findings in said_here(name)[1].items():
                        outcomes = {outcome for outcome, _, _ in findings}
                        if outcomes & {"pass", "fail"}:
                                judged.add(rule)
                        for outcome in outcomes:
                                seen.setdefault((rule, outcome), []).append(name)
        return seen, judged


def example_order(name):
        """Cases known from elsewhere first, then those that fail nothing but this."""
        return not re.match(r"w\d\d-", name), sum(o == "fail" for f in said(name)[1].values() for o, _, _ in f), name


def examples(rule, seen):
        return sorted(seen.get((rule["id"], "fail" if "fail" in rule else "unknown"), []), key=example_order)


def triplets(id):
        """The file of tests/expr that has those of a rule."""
        files = sorted(f for f in os.listdir(os.path.join(TESTS, "expr")) if f.endswith(".test"))
        return next(f for f in files if f"\nrule {id}\n" in text_of("expr", f))


def make_row(rule, seen, judged):
        id, area, names = rule["id"], rule["area"], examples(rule, seen)
        links = [f"[{n}](../tests/roots/{n}.sh)" for n in names[:SHOWN]] + ["others"] * (len(names) > SHOWN)
        if not names and id not in judged:
                links = [f"[{triplets(id)}](../tests/expr/{triplets(id)})"]
        where = "live, offline" if id in judged else "live"
        return f"| [{id}]({area}/{id}.json) | {rule['severity']} | {where} | {', '.join(links)} |\n"


def main():
        seen, judged = observed()
        rules = list(load_rules())
        table = TEXT + "".join(make_row(rule, seen, judged) for rule in rules)
        with open(README) as file:
                text = file.read()
        wanted = text.split(START)[0] + table
        if sys.argv[1:] != ["--check"]:
                with open(README, "w") as file:
                        file.write(wanted)
                return
        for rule in rules:
                if rule["id"] in judged and not examples(rule, seen):
                        print(f"{rule['id']}: no scenario of tests/roots shows it failing")
        if text != wanted:
                print("rules/README.md: the table of rules is not up to date; `make rules-table` writes it")


main()
