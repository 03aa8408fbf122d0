"""What the golden files of scenarios say."""
import json
import os
import re

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BASES = ("debian", "ubuntu")
FINDING = re.compile(r"(?P<outcome>\S+) (?P<severity>blocker|warning|info) (?P<rule>\S+) \((?P<subject>.*)\)$")


def text_of(*path):
        with open(os.path.join(TESTS, *path)) as file:
                return file.read()


def exists(*path):
        return os.path.exists(os.path.join(TESTS, *path))


def scenarios():
        return sorted(f[:-3] for f in os.listdir(os.path.join(TESTS, "roots")) if f.endswith(".sh"))


def said_here(name):
        """(verdict, {rule: [(outcome, severity, subject)]}) of a scenario, of rules that say something else than in its base."""
        rules = {}
        if name in BASES:
                report = json.loads(text_of("golden", name, "findings.json"))
                for f in report["findings"]:
                        rules.setdefault(f["rule"], []).append((f["outcome"], f["severity"], str(f["subject"])))
                return report["verdict"], rules
        text = text_of("golden", name + ".changes")
        for line in text.split("\nfindings of rules that say something else:\n")[1].splitlines():
                found = FINDING.match(line)
                if found:
                        rules.setdefault(found["rule"], []).append((found["outcome"], found["severity"], found["subject"]))
        return text.split("\n", 1)[0].removeprefix("verdict "), rules


def said(name):
        """The same of all rules."""
        verdict, rules = said_here(name)
        if name in BASES:
                return verdict, rules
        base = re.search(r"^# base: (\S+)", text_of("roots", name + ".sh"), re.M)
        return verdict, {**said(base.group(1) if base else "debian")[1], **rules}
