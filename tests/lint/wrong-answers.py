"""tests/wrong-answers.list against the tests it names (see there): prints every mistake, one per line."""
import json
import os
import re

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIST = "tests/wrong-answers.list"
FINDING = re.compile(r"(?P<outcome>\S+) (?P<severity>blocker|warning|info) (?P<rule>\S+) \((?P<subject>.*)\)$")


def text_of(*path):
        with open(os.path.join(TESTS, *path)) as file:
                return file.read()


def exists(*path):
        return os.path.exists(os.path.join(TESTS, *path))


def golden(name):
        """(verdict, {rule: [(outcome, severity, subject)]}); what a scenario leaves out is as in its base."""
        if exists("golden", name, "findings.json"):
                report, rules = json.loads(text_of("golden", name, "findings.json")), {}
                for f in report["findings"]:
                        rules.setdefault(f["rule"], []).append((f["outcome"], f["severity"], str(f["subject"])))
                return report["verdict"], rules
        base = re.search(r"^# base: (\S+)", text_of("roots", name + ".sh"), re.M)
        _, rules = golden(base.group(1) if base else "debian")
        text, here = text_of("golden", name + ".changes"), {}
        for line in text.split("\nfindings of rules that say something else:\n")[1].splitlines():
                found = FINDING.match(line)
                if found:
                        here.setdefault(found["rule"], []).append((found["outcome"], found["severity"], found["subject"]))
        return text.split("\n", 1)[0].removeprefix("verdict "), {**rules, **here}


def check_scenario(number, name, expected):
        if not re.fullmatch(rf"{number.lower()}(-[a-z0-9.]+)+", name):
                yield f"the name does not begin with {number.lower()}-"
                return
        for path in (f"roots/{name}.sh", f"golden/{name}.changes"):
                if not exists(path):
                        yield f"there is no tests/{path}"
                        return
        if not text_of("roots", name + ".sh").startswith(f"# {number}: "):
                yield f"its first line is not '# {number}: ...'"
        verdict, rules = golden(name)
        wanted, *findings = [part.strip() for part in expected.split(";")]
        if verdict != wanted:
                yield f"the verdict is {verdict}, not {wanted}"
        if not findings:
                yield "the list names no rule"
        for finding in findings:
                m = re.fullmatch(r"(\S+) (\S+)(?: (blocker|warning|info))?(?: \((.*)\))?", finding)
                if not m:
                        yield f"'{finding}' is not RULE OUTCOME [SEVERITY] [(SUBJECT)]"
                        continue
                rule, outcome, severity, subject = m.groups()
                if not any(o == outcome and severity in (None, s) and subject in (None, about) for o, s, about in rules.get(rule, [])):
                        yield f"no finding '{finding}', but {rules.get(rule, 'none of that rule')}"


def check_place(number, path, what):
        """A function of a unit test, or a triplet that begins with '# WNN'."""
        text = text_of(path.removeprefix("tests/")) if os.path.isfile(os.path.join(TESTS, path.removeprefix("tests/"))) else None
        if text is None:
                yield f"there is no {path}"
        elif path.endswith(".c"):
                if not what.startswith(f"test_{number.lower()}_") or f"cmocka_unit_test({what})" not in text:
                        yield f"{path} runs no {what} that is named test_{number.lower()}_..."
        elif what != number or not re.search(rf"^# {number}: ", text, re.M):
                yield f"{path} has nothing that begins with '# {number}: '"


def mistakes():
        number, tests, last = None, 0, ""
        for line in text_of("wrong-answers.list").splitlines() + ["W99  end"]:
                if re.match(r"W\d\d  \S", line):
                        if number and not tests:
                                yield f"{number}: no test proves it"
                        number, tests = line[:3], 0
                        if number <= last:
                                yield f"{number}: not in order"
                        last = number
                        continue
                if not line or line.startswith("#") or line.startswith("     =  "):
                        continue
                name, _, expected = line.strip().partition("  ")
                path, _, what = name.partition(":")
                found = check_place(number, path, what) if what else check_scenario(number, name, expected)
                tests += 1
                for mistake in found:
                        yield f"{number}: {name}: {mistake}"


for mistake in mistakes():
        print(f"{LIST}: {mistake}")
