#!/usr/bin/env python3.11
"""Run random programs under two interpreters, and compare what they do.

    tools/compare_programs.py --interp build/release/baton [--first N] [--count N] [--seed S] [--show N] [--no-reduce]
    tools/compare_programs.py --interp build/release/baton FILE...

Programs are made up by program_maker.py; a number of a seed always makes the same program. Both interpreters run each in one
long-lived process (compare_programs_child.py); one that dies or hangs is started again. A program that behaves differently is
reduced: parts are taken out as long as the outcomes differ in the same way. The exit status tells whether there were differences.
"""
import argparse
import ast
import concurrent.futures
import copy
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CHILD = os.path.join(HERE, "compare_programs_child.py")

sys.path.insert(0, HERE)
from program_maker import make_program


class Runner:
    """An interpreter that runs programs, one after the other."""

    def __init__(self, command, seconds, words):
        self.command = command
        self.words = words
        self.seconds = seconds
        self.process = None
        self.folder = tempfile.TemporaryDirectory()

    def start(self):
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([*self.command, CHILD, *self.words], stdin=pipe, stdout=pipe, stderr=pipe,
                                        cwd=self.folder.name, env=environment)
        self.lines = queue.Queue()
        self.errors = []
        threading.Thread(target=self.listen, args=(self.process.stdout, self.lines.put), daemon=True).start()
        threading.Thread(target=self.listen, args=(self.process.stderr, self.errors.append), daemon=True).start()

    def listen(self, stream, put):
        for line in stream:
            put(line)
        put(b"")

    def send(self, source):
        if self.process is None:
            self.start()
        try:
            self.process.stdin.write(json.dumps(source).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def receive(self):
        """What the program did, or how the interpreter died of it."""
        try:
            line = self.lines.get(timeout=self.seconds)
        except queue.Empty:
            return {"died": f"no answer in {self.seconds} s", **self.stop()}
        if line:
            return json.loads(line)
        return {"died": f"exit status {self.process.wait()}", **self.stop()}

    def stop(self):
        process, self.process = self.process, None
        if process is None:
            return {}
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                stream.close()
            except OSError:
                pass
        return {"stderr": b"".join(self.errors).decode("utf-8", "replace")[-600:]}


class Pair:
    def __init__(self, options):
        words = ["trace"] * options.trace
        self.runners = [Runner([options.reference], options.seconds, words),
                        Runner([options.interp, *options.arg], options.seconds, words)]

    def outcomes(self, source):
        for runner in self.runners:
            runner.send(source)
        return [runner.receive() for runner in self.runners]

    def stop(self):
        for runner in self.runners:
            runner.stop()


def difference(wanted, got):
    """In what the outcomes differ, or None."""
    if "died" in wanted or wanted.get("ended") == "Enough":
        return None
    if "died" in got:
        return "died"
    if got["ended"] == "Enough":
        return "endless"
    for part in ("log", "ended", "variables", "warnings"):
        if wanted[part] != got[part]:
            return part
    return None


# Reducing: each step yields smaller trees.

def bodies(node):
    return [name for name in ("body", "orelse", "finalbody", "handlers", "cases") if isinstance(getattr(node, name, None), list)]


def without_statements(tree):
    """Trees without some statements, or with a statement's body in its place."""
    places = [(node, name) for node in ast.walk(tree) for name in bodies(node)]
    for node, name in places:
        statements = getattr(node, name)
        for size in (8, 4, 2, 1):
            for start in range(0, len(statements), size):
                part = statements[start:start + size]
                if len(part) < size and size > 1:
                    continue
                replacements = [[]]
                if size == 1:
                    inner = [statement for field in bodies(part[0]) for statement in getattr(part[0], field)
                             if isinstance(statement, ast.stmt)]
                    if inner and not isinstance(part[0], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                        replacements += [inner, part[0].body]
                for replacement in replacements:
                    setattr(node, name, statements[:start] + replacement + statements[start + size:])
                    if getattr(node, name) or name in ("orelse", "finalbody"):
                        yield
                    elif isinstance(part[0], ast.stmt) and not isinstance(part[0], ast.Pass):
                        setattr(node, name, [ast.Pass()])
                        yield
                    setattr(node, name, statements)


def with_smaller_expressions(tree):
    """Trees with one expression replaced by a part of it or by a constant."""
    for node in list(ast.walk(tree)):
        for field, value in ast.iter_fields(node):
            values = value if isinstance(value, list) else [value]
            for i, old in enumerate(values):
                if not isinstance(old, ast.expr) or isinstance(getattr(old, "ctx", None), (ast.Store, ast.Del)) or \
                        isinstance(node, (ast.JoinedStr, ast.MatchValue, ast.MatchClass, ast.MatchMapping)):
                    continue
                choices = [x for x in ast.iter_child_nodes(old) if isinstance(x, ast.expr) and not isinstance(x, ast.Starred)]
                if not isinstance(old, (ast.Constant, ast.Name)):
                    choices += [ast.Constant(1), ast.Name("a", ast.Load())]
                for new in choices:
                    if isinstance(value, list):
                        value[i] = new
                        yield
                        value[i] = old
                    else:
                        setattr(node, field, new)
                        yield
                        setattr(node, field, old)
                several = (ast.Call, ast.List, ast.Tuple, ast.Set, ast.BoolOp)
                if isinstance(value, list) and isinstance(node, several) and len(value) > 1:
                    del value[i]
                    yield
                    value.insert(i, old)


def reduced(source, kind, pair, tries):
    """The smallest program that still differs in that way."""
    best = source
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return best
    unparsed = ast.unparse(tree) + "\n"
    if difference(*pair.outcomes(unparsed)) != kind:
        return best
    best = unparsed
    seen = set()
    progress = True
    while progress and tries > 0:
        progress = False
        for step in (without_statements, with_smaller_expressions):
            tree = ast.parse(best)
            for _ in step(tree):
                try:
                    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
                    ast.parse(text)
                except (SyntaxError, ValueError, AttributeError):
                    continue
                if text in seen or len(text) >= len(best):
                    continue
                seen.add(text)
                tries -= 1
                if difference(*pair.outcomes(text)) == kind:
                    best = text
                    progress = True
                    break
                if tries <= 0:
                    break
            if progress:
                break
    return best


def told(source, outcomes, kind):
    wanted, got = outcomes
    lines = ["    | " + line for line in source.splitlines()]
    if kind in ("died", "endless"):
        lines.append(f"    {kind}: {got}")
    else:
        for part in ("log", "ended", "variables", "warnings"):
            if wanted[part] == got[part]:
                continue
            if isinstance(wanted[part], list):
                same = min(len(wanted[part]), len(got[part]))
                at = next((i for i, (x, y) in enumerate(zip(wanted[part], got[part])) if x != y), same)
                lines.append(f"    {part}[{at}] wanted: {wanted[part][at:at + 1]}")
                lines.append(f"    {part}[{at}] got:    {got[part][at:at + 1]}")
            else:
                lines += [f"    {part} wanted: {wanted[part]}", f"    {part} got:    {got[part]}"]
            break
    return "\n".join(lines)


class Hunt:
    """The programs of a seed, shared out to several pairs of interpreters."""

    def __init__(self, options):
        self.options = options
        self.numbers = iter(range(options.first, options.first + options.count))
        self.lock = threading.Lock()
        self.found = 0

    def work(self):
        options, pair = self.options, Pair(self.options)
        while True:
            with self.lock:
                number = next(self.numbers, None)
            if number is None:
                return pair.stop()
            source = make_program(options.seed, number, not options.trace)
            outcomes = pair.outcomes(source)
            kind = difference(*outcomes)
            if kind is None:
                continue
            with self.lock:
                self.found += 1
                show = self.found <= options.show
            if not show:
                continue
            if options.reduce:
                source = reduced(source, kind, pair, options.tries)
                outcomes = pair.outcomes(source)
            with self.lock:
                print(f"program {number} of seed {options.seed}: {kind}\n{told(source, outcomes, kind)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Compare what random programs do under two interpreters.")
    parser.add_argument("--interp", default=os.path.join(ROOT, "build", "release", "baton"))
    parser.add_argument("--arg", action="append", default=[], help="an argument of the interpreter, as --arg=-Xgil=0")
    parser.add_argument("--reference", default="/usr/bin/python3.11")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--show", type=int, default=10, help="differences to reduce and show")
    parser.add_argument("--tries", type=int, default=1500, help="programs to try for reducing one")
    parser.add_argument("--no-reduce", dest="reduce", action="store_false")
    parser.add_argument("--trace", action="store_true", help="compare the events of sys.settrace(), too")
    parser.add_argument("--print", action="store_true", help="print the programs, run nothing")
    parser.add_argument("--seconds", type=int, default=20, help="for one program")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*", help="programs to run instead")
    options = parser.parse_args()
    options.interp = os.path.abspath(options.interp)
    if options.print:
        for number in range(options.first, options.first + options.count):
            print(f"# {options.seed} {number}\n{make_program(options.seed, number)}")
        return 0
    if options.files:
        pair = Pair(options)
        bad = 0
        for path in options.files:
            with open(path, encoding="utf-8") as file:
                source = file.read()
            outcomes = pair.outcomes(source)
            kind = difference(*outcomes)
            print(f"{path}: {kind or 'same'}")
            if kind:
                bad += 1
                print(told(reduced(source, kind, pair, options.tries) if options.reduce else source, outcomes, kind))
        pair.stop()
        return bad != 0
    hunt = Hunt(options)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for one in [pool.submit(hunt.work) for _ in range(options.jobs)]:
            one.result()
    print(f"{options.count} programs, {hunt.found} behave differently")
    return hunt.found != 0


if __name__ == "__main__":
    sys.exit(main())
