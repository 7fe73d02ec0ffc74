#!/usr/bin/env python3.11
"""Compare Baton's parser with CPython's over many small sources: trees, or the arguments of the SyntaxError.

    tools/compare_snippets.py SYNTAX_DUMP [--mutate N] [--seed S] [--show N] [--modes M,...] [TEST_FILE...]

Snippets are the examples of doctests and all string constants of the given Python files (by default those of CPython's tests
that are about syntax); --mutate adds N sources made from
them (or from the lines of the files) by deleting, doubling, swapping and replacing tokens.
"""
import argparse
import ast
import doctest
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare_syntax import canonical
import warnings


ABOUT_SYNTAX = ("syntax exceptions fstring grammar patma unpack_ex eof tokenize named_expressions positional_only_arg "
                "type_comments string_literals compile codeop except_star ast").split()

# Name: compile()'s mode, flags, feature version, and the tool's arguments.
MODES = {
    "exec": ("exec", 0, -1, ["--mode", "exec"]),
    "eval": ("eval", 0, -1, ["--mode", "eval"]),
    "single": ("single", 0, -1, ["--mode", "single"]),
    "incomplete": ("single", 0x4200, -1, ["--mode", "single", "--incomplete", "--no-imply-dedent"]),
    "type_comments": ("exec", ast.PyCF_TYPE_COMMENTS, -1, ["--type-comments"]),
    "func_type": ("func_type", 0, -1, ["--mode", "func_type"]),
    "3.5": ("exec", 0, 5, ["--feature-version", "5"]),
    "3.7": ("exec", 0, 7, ["--feature-version", "7"]),
    "3.9": ("exec", 0, 9, ["--feature-version", "9"]),
}


def reference(source, mode):
    mode, flags, version, _ = MODES[mode]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(source, "<file>", mode, flags | ast.PyCF_ONLY_AST, dont_inherit=True, _feature_version=version)
        return ast.dump(tree, include_attributes=True)
    except SyntaxError as e:
        result = {"type": type(e).__name__, "msg": e.msg}
        if len(e.args) > 1:
            result.update(lineno=e.lineno, offset=e.offset, end_lineno=e.end_lineno, end_offset=e.end_offset, text=e.text)
        return json.dumps(result, ensure_ascii=False)
    except (RecursionError, MemoryError, ValueError) as e:
        return json.dumps({"type": type(e).__name__, "msg": str(e)}, ensure_ascii=False)


def collect(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    found = []
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            if ">>>" in node.value:
                try:
                    found += [example.source for example in doctest.DocTestParser().get_examples(node.value)]
                except ValueError:
                    pass
            else:
                found.append(node.value)
    return found


TOKEN = re.compile(r"\s+|\w+|[-+*/<>=!:]=|->|\*\*|//|.", re.S)
EXTRA = ("( ) [ ] { } , : ; = == := . * ** / if else for in not and or is lambda yield await async def class return import "
         "from as print x 1 'a' f'{x}' b'b' None True ... @ -> += | & ~ - + except try finally with match case _ while del "
         "raise ! $ \\ 0777 1_ 1.e5 é \n \n\t ' \" ''' # global pass").split(" ")


def mutate(source, rng):
    tokens = TOKEN.findall(source)
    if not tokens:
        return source
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        i = rng.randrange(len(tokens))
        kind = rng.randrange(6)
        if kind == 0:
            del tokens[i]
        elif kind == 1:
            tokens.insert(i, tokens[i])
        elif kind == 2:
            j = rng.randrange(len(tokens))
            tokens[i], tokens[j] = tokens[j], tokens[i]
        elif kind == 3:
            tokens[i] = rng.choice(EXTRA)
        elif kind == 4:
            tokens.insert(i, " " + rng.choice(EXTRA) + " ")
        else:
            tokens = tokens[:i]
        if not tokens:
            break
    return "".join(tokens)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--mutate", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("files", nargs="*")
    options = parser.parse_intermixed_args()
    snippets = []
    tests = os.path.join(os.path.dirname(os.__file__), "test")
    for path in options.files or [os.path.join(tests, f"test_{name}.py") for name in ABOUT_SYNTAX]:
        if not os.path.exists(path):
            print(f"{path} is missing")
            continue
        snippets += collect(path)
    snippets = [s for s in dict.fromkeys(snippets) if len(s) < 5000 and "\0" not in s]
    rng = random.Random(options.seed)
    if options.mutate:
        base = [s for s in snippets if len(s) < 1000]
        snippets = list(dict.fromkeys(mutate(rng.choice(base), rng) for _ in range(options.mutate)))
        snippets = [s for s in snippets if "\0" not in s]
    usable = []
    for s in snippets:
        try:
            s.encode()
            usable.append(s)
        except UnicodeEncodeError:
            pass
    snippets = usable
    bad = total = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, source in enumerate(snippets):
            path = os.path.join(folder, f"{i}.py")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(source)
            paths.append(path)
        listing = os.path.join(folder, "list")
        for mode in options.modes.split(","):
            todo = list(zip(paths, snippets))
            with open(listing, "w") as file:
                file.write("\n".join(paths))
            flags = MODES[mode][3]
            run = subprocess.run([options.tool, "--no-decode", *flags, "@" + listing], capture_output=True, timeout=500)
            lines = run.stdout.decode("utf-8", "surrogatepass").split("\n")[:-1]
            if run.returncode or len(lines) != len(todo):
                at = len(lines)
                print(f"tool failed ({run.returncode}): {run.stderr.decode()[-500:]}")
                print(f"  near {todo[at][1]!r}" if at < len(todo) else "")
                return 1
            for (path, source), line in zip(todo, lines):
                total += 1
                wanted = reference(source, mode)
                line = canonical(line)
                if line == wanted:
                    continue
                bad += 1
                if bad <= options.show:
                    at = next((i for i, (a, b) in enumerate(zip(line, wanted)) if a != b), min(len(line), len(wanted)))
                    at = 0 if wanted.startswith("{") and line.startswith("{") else max(0, at - 100)
                    print(f"{mode} {source!r}\n   baton:   {line[at:at + 300]}\n   cpython: {wanted[at:at + 300]}")
    print(f"{total} parses, {bad} different")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
