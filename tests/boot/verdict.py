#!/usr/bin/env python3
"""The verdict of a report, and what it rests on: verdict.py REPORT [RULE,...]

    not-ready:RULE,...   with the rules whose blockers fail
    ready:RULE,...       with those of the rules named that looked at something and let it pass
"""
import json
import sys


def main():
    path, named = sys.argv[1:]
    with open(path) as file:
        report = json.load(file)
    failed = {f["rule"] for f in report["findings"] if f["outcome"] == "fail" and f["severity"] == "blocker"}
    looked = {f["rule"] for f in report["findings"] if f["outcome"] in ("pass", "fail")}
    rules = sorted(failed) if report["verdict"] == "not-ready" else [r for r in named.split(",") if r in looked - failed]
    print(":".join(filter(None, [report["verdict"], ",".join(rules)])))


main()
