#!/usr/bin/env python3.11
"""Call built-in functions and methods with random arguments under two interpreters; compare results and exception texts.

    tools/compare_calls.py --interp build/release/baton [--types RE] [--modules RE] [--only RE] [--runs N] [--seed S] [--show N]

The reference makes up the calls and makes them first. It learns from what it sees: a call that raised no TypeError is varied
further, so that arguments get past the first check. Calls are source text; the other interpreter is given the same text. Each
target (a type, or a module) has a generator of random numbers of its own, seeded by its name, so what one of them does doesn't
change the calls of another.

Differences are grouped by function. Those that tests/calls/permitted.txt names are counted and not shown; the exit status
tells whether there were others.
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)

# The child's part is in a file of its own: it is run by both interpreters.
CHILD = os.path.join(HERE, "compare_calls_child.py")
PERMITTED = os.path.join(ROOT, "tests", "calls", "permitted.txt")


def run_child(interpreter, flags, job, seconds):
    """The child's lines as far as it came, and how it ended if not well."""
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with tempfile.TemporaryDirectory() as folder:
        try:
            run = subprocess.run([interpreter, *flags, "-W", "ignore", CHILD], input=json.dumps(job).encode(),
                                 capture_output=True, timeout=seconds, cwd=folder, env=environment)
            output, errors, ended = run.stdout, run.stderr, f"exit status {run.returncode}" if run.returncode else None
        except subprocess.TimeoutExpired as e:
            output, errors, ended = e.stdout or b"", e.stderr or b"", f"more than {seconds} s"
    lines = []
    for line in output.decode("utf-8", "replace").split("\n"):
        try:
            lines.append(json.loads(line))
        except ValueError:
            break
    if ended:
        ended += "".join("\n        " + line for line in errors.decode("utf-8", "replace").splitlines()[-4:])
    return lines, ended


class Target:
    """A type or a module, what both interpreters made of its functions, and where they died."""

    def __init__(self, name, options):
        self.name = name
        self.calls = []      # (function, source) in order
        self.different = []  # (function, source, reference, other)
        self.died = []       # (interpreter, source, how)
        self.compare(options)

    def compare(self, options):
        job = {"target": self.name, "seed": options.seed, "runs": options.runs, "only": options.only, "calls": None}
        made, ended = run_child(options.reference, [], job, options.seconds)
        if ended:
            at = made[-1][1] if made else "the start"
            self.died.append(("the reference", f"after {at}", ended))
        self.calls = [(function, source) for function, source, _ in made]
        todo = list(made)
        while todo:
            job["calls"] = [[function, source] for function, source, _ in todo]
            answers, ended = run_child(options.interp, options.arg, job, options.seconds)
            for (function, source, wanted), (_, _, got) in zip(todo, answers):
                if wanted != got:
                    self.different.append((function, source, wanted, got))
            todo = todo[len(answers):]
            if ended and todo:
                self.died.append(("the interpreter", todo[0][1], ended))
                todo = todo[1:]
                if len(self.died) > 10:
                    break
            elif todo:
                self.died.append(("the interpreter", todo[0][1], "no answer"))
                break


def read_permitted(path):
    """Lines of: pattern of the function's name, tab, pattern of "wanted => got", tab, the reason."""
    rules = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                function, difference, _ = line.rstrip("\n").split("\t", 2)
                rules.append((re.compile(function), re.compile(difference, re.S)))
    return rules


def is_permitted(rules, function, wanted, got):
    return any(name.fullmatch(function) and text.search(f"{wanted} => {got}") for name, text in rules)


def shown(source):
    if isinstance(source, str):
        return source
    receiver, call = source
    return call if receiver is None else f"receiver = {receiver}; {call}"


def list_targets(options):
    lines, ended = run_child(options.reference, [], {"list": True}, 60)
    if ended:
        sys.exit(f"the list of targets: {ended}")
    types, modules = lines
    if options.types is None and options.modules is None:
        return types + modules
    names = [name for name in types if options.types is not None and re.fullmatch(options.types, name)]
    return names + [name for name in modules if options.modules is not None and re.fullmatch(options.modules, name)]


def main():
    parser = argparse.ArgumentParser(description="Compare calls of built-in functions under two interpreters.")
    parser.add_argument("--interp", default=os.path.join(ROOT, "build", "release", "baton"))
    parser.add_argument("--arg", action="append", default=[], help="an argument of the interpreter, as --arg=-Xgil=0")
    parser.add_argument("--reference", default="/usr/bin/python3.11")
    parser.add_argument("--types", help="regular expression of types (with neither this nor --modules: all)")
    parser.add_argument("--modules", help="regular expression of modules")
    parser.add_argument("--only", help="regular expression of function names")
    parser.add_argument("--runs", type=int, default=60, help="calls of each function")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=2, help="examples for each function")
    parser.add_argument("--seconds", type=int, default=60, help="for one child")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.interp = os.path.abspath(options.interp)
    rules = read_permitted(PERMITTED)
    calls = permitted = bad = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for target in pool.map(lambda name: Target(name, options), list_targets(options)):
            calls += len(target.calls)
            groups = {}
            for function, source, wanted, got in target.different:
                if is_permitted(rules, function, wanted, got):
                    permitted += 1
                else:
                    groups.setdefault(function, []).append((source, wanted, got))
            for function, found in groups.items():
                bad += len(found)
                print(f"{function}: {len(found)}")
                for source, wanted, got in found[:options.show]:
                    print(f"    {shown(source)}\n        wanted: {wanted}\n        got:    {got}")
            for who, source, how in target.died:
                bad += 1
                print(f"{target.name}: {who} died: {shown(source)}: {how}")
            sys.stdout.flush()
    print(f"{calls} calls, {permitted} permitted differences, {bad} others")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
