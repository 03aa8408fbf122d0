"""tests/wrong-answers.list against the tests it names (see there): prints every mistake, one per line."""
import os
import re

from goldens import TESTS, exists, said, scenarios, text_of

LIST = "tests/wrong-answers.list"


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
        verdict, rules = said(name)
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
        number, tests, last, unnamed = None, 0, "", {n for n in scenarios() if re.match(r"w\d\d-", n)}
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
                unnamed.discard(name)
                for mistake in found:
                        yield f"{number}: {name}: {mistake}"
        for name in sorted(unnamed):
                yield f"tests/roots/{name}.sh is not in the list"


for mistake in mistakes():
        print(f"{LIST}: {mistake}")
