"""Runs every recipe of tests/roots and compares whole facts, findings and plans (TAP).

A recipe is a few lines of shell on top of a root that tests/tools/make-root.sh makes. Its first
line says in a comment what it stands for; further comments at the top may be
        # base: ubuntu          (the default is debian; any other recipe may be one, too)
        # args: --target m5.large
        # confirm: nvme-blacklisted    (a fix that plans only when it is named)
debian and ubuntu themselves are kept as whole files (golden/BASE/facts.json, findings.json); every
other scenario as the complete list of what differs from its base, one line per value, so that the
golden file shows what the recipe is about and nothing can change unseen.

Where something can be mended, golden/SCENARIO.diff is the plan, as diffs and commands, with what is
left. It is then done to a copy, which must have the bytes and the verdict that were planned, whose next
plan must be empty, and which rollback must make again what it was.

UPDATE=1 rewrites the golden files. With names as arguments only these scenarios run.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
ROOTS = os.path.join(TESTS, "roots")
GOLDEN = os.path.join(TESTS, "golden")
SCHEMAS = {"check": "../checker/report/report.schema.json", "plan": "../fixes/plan.schema.json"}
BINARY = os.path.abspath(os.path.join(os.environ.get("B", "build"), "xen2nitro"))
BASES = ("debian", "ubuntu")
EXIT_CODES = {"ready": 0, "not-ready": 1, "undetermined": 3}
VALIDATORS = {}
TIMEOUT = 60


class Failure(Exception):
        pass


def shell(script, **variables):
        prologue = 'set -eu; make_root_tools="$TOOLS"; . "$TOOLS/make-root.sh"; '
        environment = dict(os.environ, TOOLS=os.path.join(TESTS, "tools"), **variables)
        done = subprocess.run(["sh", "-c", prologue + script], env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)
        if done.returncode or done.stderr:
                raise Failure(f"the recipe failed:\n{done.stdout}{done.stderr}")


def program(directory, *args):
        """Runs in the scenario's own directory, so that no path of this machine gets into the output."""
        try:
                done = subprocess.run([BINARY, *args], cwd=directory, stdin=subprocess.DEVNULL,
                                      capture_output=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
                raise Failure(f"{args[0]} hangs")
        if done.returncode not in (0, 1, 3):
                raise Failure(f"{args[0]}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
        return done.returncode, json.loads(done.stdout)


def header(name):
        with open(os.path.join(ROOTS, name + ".sh")) as file:
                lines = re.match(r"(#.*\n)*", file.read()).group().splitlines()
        settings = dict(m.groups() for m in (re.match(r"# (base|args|confirm): (.*)", line) for line in lines) if m)
        confirm = [word for fix in settings.get("confirm", "").split() for word in ("--confirm", fix)]
        return settings.get("base", "debian"), settings.get("args", "").split(), confirm


def mask_sizes(facts):
        """How small a compressor makes things depends on its version."""
        for image in facts["facts"].get("initramfs", {}).get("images", []):
                compressed = False
                for segment in image.get("segments", []):
                        if compressed:
                                segment["offset"] = "after a compressed segment"
                        compressed |= segment["compression"] != "none"
                if compressed:
                        image["bytes"] = "compressed"


def validate(kind, document):
        if kind in VALIDATORS:
                errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in VALIDATORS[kind].iter_errors(document)]
                if errors:
                        raise Failure(f"{kind} does not meet its schema:\n" + "\n".join(errors))


def observe(directory, args):
        _, facts = program(directory, "facts", "--root", "root")
        code, report = program(directory, "check", "--root", "root", "--format", "json", *args)
        validate("check", report)
        if EXIT_CODES[report["verdict"]] != code:
                raise Failure(f"verdict {report['verdict']}, but exit {code}")
        count = sum(f["outcome"] == "unknown" for f in report["findings"])
        if report["counts"]["unknown"] != count:
                raise Failure(f"counts {report['counts']}, but {count} findings are unknown")
        mask_sizes(facts)
        for key in ("generated_at", "tool"):
                report.pop(key)
        return facts, report


def flatten(value, path=""):
        if isinstance(value, dict) and value:
                for key in sorted(value):
                        below = path if path == "" and key == "facts" else f"{path} {key}" if path == "/unknown" else f"{path}/{key}"
                        yield from flatten(value[key], below)
        elif isinstance(value, list) and value:
                for i, item in enumerate(value):
                        yield from flatten(item, f"{path}/{i}")
        else:
                yield path, json.dumps(value, ensure_ascii=False)


def by_path(facts):
        """Reasons under the path they are about: an additional one must not renumber the others."""
        unknown = {}
        for reason in facts["unknown"]:
                unknown.setdefault(reason["path"], []).append(f"{reason['file'] or ''}: {reason['reason']}")
        return dict(facts, unknown=unknown)


def by_rule(report):
        """{rule: its findings as text}. Titles and links are the rule's own; a base keeps them."""
        rules = {}
        for finding in report["findings"]:
                lines = [f"{finding['outcome']} {finding['severity']} {finding['rule']} ({finding['subject']})"]
                lines += [f"    {key}: {finding[key]}" for key in ("message", "consequence", "fix") if finding[key]]
                lines += ["    {file}:{line}: {text}".format(**evidence) for evidence in finding["evidence"]]
                if finding["waiver"]:
                        lines.append("    {outcome}, waived by {owner} until {expires}: {reason}".format(**finding["waiver"]))
                rules.setdefault(finding["rule"], []).append("\n".join(lines))
        return rules


def changes(before, after):
        before, after = dict(flatten(before)), dict(flatten(after))
        lines = []
        for path in sorted(before.keys() | after.keys(), key=lambda p: [int(w) if w.isdigit() else w for w in re.split(r"(\d+)", p)]):
                if before.get(path) != after.get(path):
                        lines += [f"- {path} {before[path]}"] if path in before else []
                        lines += [f"+ {path} {after[path]}"] if path in after else []
        return lines


def expectations(name, observed, base):
        """{file: text} of a scenario."""
        facts, report = observed
        if name in BASES:
                return {f"{name}/{kind}.json": json.dumps(value, indent=2, ensure_ascii=False) + "\n"
                        for kind, value in (("facts", facts), ("findings", report))}
        _, base_facts, base_report = base
        lines = [f"verdict {report['verdict']}"]
        lines += ["", f"facts that differ from {base[0]}:"] + changes(by_path(base_facts), by_path(facts))
        rest = [{k: v for k, v in r.items() if k not in ("findings", "verdict", "counts")} for r in (base_report, report)]
        lines += ["", "report, but for findings:"] + changes(*rest)
        before = by_rule(base_report)
        lines += ["", "findings of rules that say something else:"]
        for rule, findings in by_rule(report).items():
                lines += findings if findings != before.get(rule) else []
        return {f"{name}.changes": "\n".join(lines) + "\n"}


def plan_text(plan):
        lines = [f"verdict {plan['verdict']['before']} -> {plan['verdict']['predicted']}"]
        for op in plan["operations"]:
                what = " ".join(op["command"]) if op["kind"] == "run" else op["path"]
                lines += ["", f"{op['kind']} {what}", f"    for {', '.join(op['rules'])}"]
                if op["kind"] == "run":
                        lines += [f"    writes {path}" for path in op["outputs"]]
                elif "added" in op:
                        lines += [f"    + {member}" for member in op["added"]]
                elif op["diff"] is None:
                        lines += [f"    {(op['before'] or {'size': 0})['size']} -> {op['after']['size']} bytes"]
                else:
                        lines += [op["diff"].rstrip("\n")]
        for left in plan["left"]:
                lines += ["", f"left {left['rule']} ({left['subject']}): {left['reason']}"]
                lines += [f"    do {left['remedy']}"] if left["remedy"] else []
        return "\n".join(lines) + "\n"


def content(path):
        if not os.path.lexists(path):
                return None
        with open(path, "rb") as file:
                data = file.read()
        return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def compare_files(directory, plan, when):
        for op in plan["operations"]:
                if op["kind"] != "run" and content(f"{directory}/root{op['path']}") != op[when]:
                        raise Failure(f"{op['path']}: not the bytes that the plan calls {when}")


def members(archive):
        """Names in a cpio archive with zeros before it, and sizes of files that no compressor made."""
        at, found = len(archive) - len(archive.lstrip(b"\0")), []
        archive = archive[at:]
        at = 0
        while True:
                mode, size, name_size = (int(archive[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in (1, 6, 11))
                name = archive[at + 110:at + 109 + name_size].decode()
                if name == "TRAILER!!!":
                        return found
                size_text = "" if ".ko." in name else f" {size}"
                found.append(name + size_text if mode & 0o100000 else name + "/")
                at += (110 + name_size + 3) // 4 * 4 + (size + 3) // 4 * 4


def note_added(directory, plan):
        """What is behind an image; how long the image was is the business of a compressor."""
        for op in plan["operations"]:
                if op["kind"] == "append":
                        with open(f"{directory}/root{op['path']}", "rb") as file:
                                op["added"] = members(file.read()[op["before"]["size"]:])


def check_fix(directory, args, plan):
        """The plan comes true, leaves nothing to plan, and can be undone."""
        root = ["--root", "root"]
        compare_files(directory, plan, "before")
        code, done = program(directory, "fix", *root, *args, "--yes", "--format", "json")
        validate("plan", done)
        compare_files(directory, plan, "after")
        note_added(directory, plan)
        verdict = done["verdict"]
        if done["state"] != "done" or verdict["after"] != verdict["predicted"] or EXIT_CODES[verdict["after"]] != code:
                raise Failure(f"fix: {done['state']}, {verdict}, exit {code}")
        _, again = program(directory, "plan", *root, *args, "--format", "json")
        if again["operations"]:
                raise Failure("a plan of the fixed volume:\n" + plan_text(again))
        undone = subprocess.run([BINARY, "rollback", *root, done["run"]], cwd=directory, stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=TIMEOUT)
        if undone.returncode:
                raise Failure(f"rollback: exit {undone.returncode}\n{undone.stderr.decode(errors='replace')}")
        compare_files(directory, plan, "before")


def make_plan(directory, args):
        """The text of the plan, which was done to a copy, or None when nothing is to be done."""
        _, plan = program(directory, "plan", "--root", "root", *args, "--format", "json")
        validate("plan", plan)
        if not plan["operations"]:
                return None
        copy = directory + ".fixed"
        subprocess.run(["cp", "-a", directory, copy], check=True)
        check_fix(copy, args, plan)
        subprocess.run(["rm", "-rf", copy], check=True)
        return plan_text(plan)


def run(name, work, bases, is_base):
        base, args, confirm = header(name) if name not in BASES else (name, [], [])
        if base != name and base not in bases:
                raise Failure(f"its base {base} failed")
        directory = os.path.join(work, name)
        if name in BASES:
                os.makedirs(os.path.join(directory, "root"))
                shell('root=$ROOT; root_$BASE; save_names', ROOT=os.path.join(directory, "root"), BASE=name)
        else:
                subprocess.run(["cp", "-a", os.path.join(work, base), directory], check=True)
                shell('root=$ROOT; . "$ROOT/../names"; . "$RECIPE"; save_names',
                      ROOT=os.path.join(directory, "root"), RECIPE=os.path.join(ROOTS, name + ".sh"))
        observed = observe(directory, args)
        plan = make_plan(directory, args + confirm)
        if is_base:
                bases[name] = (name, *observed)
        else:
                subprocess.run(["rm", "-rf", directory], check=True)
        expected = expectations(name, observed, bases[base])
        expected[f"{name}.diff"] = plan
        for file, text in expected.items():
                path = os.path.join(GOLDEN, file)
                if text is None:
                        if os.path.exists(path) and not os.environ.get("UPDATE"):
                                raise Failure(f"golden/{file}: nothing is planned")
                        continue
                if os.environ.get("UPDATE"):
                        os.makedirs(os.path.dirname(path), exist_ok=True)
                        with open(path, "w") as out:
                                out.write(text)
                        continue
                if not os.path.exists(path):
                        raise Failure(f"golden/{file} is not there; make golden UPDATE=1 writes it")
                with open(path) as golden:
                        difference = changes_of_text(golden.read(), text)
                if difference:
                        raise Failure(f"golden/{file} differs:\n" + "\n".join(difference))


def changes_of_text(expected, got):
        import difflib
        return list(difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got", "", "", 1, ""))


def attempt(*args):
        try:
                run(*args)
        except Failure as failure:
                return str(failure)
        except Exception as failure:
                return f"{type(failure).__name__}: {failure}"


def report(number, name, failure):
        print(f"{'not ok' if failure else 'ok'} {number} - {name}")
        if failure:
                print("\n".join("# " + line for line in failure.splitlines()))


def waves(names):
        """The recipes, each behind the one it is based on: a list of lists, and the set of all bases."""
        base, rank = {}, dict.fromkeys(BASES, 0)
        for name in names:
                chain = [name]
                while chain[-1] not in rank:
                        chain.append(base.setdefault(chain[-1], header(chain[-1])[0]))
                        if chain[-1] in chain[:-1]:
                                sys.exit(f"{name}: bases go round")
                for i, link in enumerate(reversed(chain)):
                        rank[link] = rank[chain[-1]] + i
        ranks = range(1, max(rank.values()) + 1)
        return [sorted(n for n in rank if rank[n] == r) for r in ranks], set(base.values()) | set(BASES)


def main():
        names = sorted(f[:-3] for f in os.listdir(ROOTS) if f.endswith(".sh"))
        if sys.argv[1:]:
                names = [n for n in names if n in sys.argv[1:]]
        order, bases_needed = waves(names)
        if os.environ.get("UPDATE") and not sys.argv[1:]:
                shutil.rmtree(GOLDEN, ignore_errors=True)
        work, bases, number = tempfile.mkdtemp(prefix="x2n-scenarios-"), {}, 0
        try:
                for number, name in enumerate(BASES, 1):
                        report(number, name, attempt(name, work, bases, True))
                with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                        for wave in order:
                                failures = pool.map(lambda n: attempt(n, work, bases, n in bases_needed), wave)
                                for number, (name, failure) in enumerate(zip(wave, failures), number + 1):
                                        report(number, name, failure)
                if not VALIDATORS:
                        number += 1
                        print(f"ok {number} - reports meet their schema # SKIP needs python3-jsonschema")
                print(f"1..{number}")
        finally:
                subprocess.run(["rm", "-rf", work])


try:
        import jsonschema
        for kind, path in SCHEMAS.items():
                with open(os.path.join(TESTS, path)) as schema:
                        schema = json.load(schema)
                VALIDATORS[kind] = jsonschema.validators.validator_for(schema)(schema)
except ImportError:
        pass

main()
