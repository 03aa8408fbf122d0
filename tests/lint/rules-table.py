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
FIXES = os.path.join(TESTS, "../fixes")
README = os.path.join(RULES, "README.md")
START = "\n## The rules\n"
TEXT = START + """
Made by `make rules-table`. Fix: `yes` is one of `xen2nitro fix`, `asked` one that runs only when
named with `--confirm`; the others are left with what to do by hand. Scenarios are small roots, looked
at offline. Those named show the rule failing; of a rule that never fails, not knowing; of one that
needs a running machine, its tests do. W: [wrong answers](../tests/wrong-answers.list) of other tools
to which it has the right one. Booted: how often `make check-boot` starts a disk to see whether it is
right, failing and passing.

| rule | severity | looks at | fix | shown by | W | booted |
| --- | --- | --- | --- | --- | --- | --- |
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


def fixes():
        """{rule: "yes" or "asked"}, from the descriptions at the end of fixes/fix-*.c."""
        found = {}
        for name in sorted(os.listdir(FIXES)):
                if re.fullmatch(r"fix-.*\.c", name):
                        with open(os.path.join(FIXES, name)) as file:
                                for text in re.findall(r"^const struct fix fix_\w+ = {(.*?)^};", file.read(), re.M | re.S):
                                        for rule in re.findall(r'"([^"]+)"', re.search(r"FIX_CLEARS\((.*?)\)", text, re.S)[1]):
                                                found[rule] = "asked" if ".confirm = true" in text else found.get(rule, "yes")
        return found


def wrong_answers():
        """{rule: numbers of wrong answers}: of those that the list names, or that the unit tests of its probe are for."""
        found = {}
        for number, cases in re.findall(r"^(W\d\d)  (.*?)(?=^W\d\d  |\Z)", text_of("wrong-answers.list"), re.M | re.S):
                for rule in re.findall(r"(?<=; )(\S+) (?:pass|fail|unknown|not-applicable)\b", cases):
                        if number not in found.setdefault(rule, []):
                                found[rule].append(number)
        return found


def booted():
        """{rule: [disks that do not come up, disks that do]} of the rows of tests/boot: boot TITLE VERDICT:RULE[,RULE] ..."""
        found = {}
        for name in sorted(os.listdir(os.path.join(TESTS, "boot"))):
                if re.fullmatch(r"test-.*\.sh", name):
                        for verdict, rules in re.findall(r"^boot(?:_quick)? '[^']*' (ready|not-ready):(\S+)", text_of("boot", name), re.M):
                                for rule in rules.split(","):
                                        found.setdefault(rule, [0, 0])[verdict == "ready"] += 1
        return found


def make_row(rule, seen, judged, mended, known, proven):
        id, area, names = rule["id"], rule["area"], examples(rule, seen)
        links = [f"[{n}](../tests/roots/{n}.sh)" for n in names[:SHOWN]] + ["others"] * (len(names) > SHOWN)
        if not names and id not in judged:
                links = [f"[{triplets(id)}](../tests/expr/{triplets(id)})"]
        where = "live, offline" if id in judged else "live"
        answers = " ".join(number.removeprefix("W") for number in known.get(id, []))
        boots = " + ".join(str(n) for n in proven[id]) if id in proven else ""
        cells = [f"[{id}]({area}/{id}.json)", rule["severity"], where, mended.get(id, ""), ", ".join(links), answers, boots]
        return "| " + " | ".join(cells) + " |\n"


def main():
        seen, judged = observed()
        rules = list(load_rules())
        columns = fixes(), wrong_answers(), booted()
        table = TEXT + "".join(make_row(rule, seen, judged, *columns) for rule in rules)
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
        for id in sorted({id for column in columns for id in column} - {rule["id"] for rule in rules}):
                print(f"{id}: a fix, a wrong answer or a boot names it, and there is no such rule")
        if text != wanted:
                print("rules/README.md: the table of rules is not up to date; `make rules-table` writes it")


main()
