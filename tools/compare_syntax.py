#!/usr/bin/env python3.11
"""Compare Baton's parser with CPython's over source files: trees by ast.dump, errors by their arguments.

    tools/compare_syntax.py SYNTAX_DUMP [--cache FILE] [--limit N] [PATH...]

Directories are searched for *.py; without any it is the standard library. The cache keeps digests of
CPython's dumps, which take most of the time.
"""
import argparse
import ast
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import warnings


def reference(source):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(source, "<file>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        return ast.dump(tree, include_attributes=True)
    except SyntaxError as e:
        result = {"type": type(e).__name__, "msg": e.msg}
        if len(e.args) > 1:
            result.update(lineno=e.lineno, offset=e.offset, end_lineno=e.end_lineno, end_offset=e.end_offset, text=e.text)
        return json.dumps(result, ensure_ascii=False)
    except (RecursionError, MemoryError, ValueError) as e:
        return json.dumps({"type": type(e).__name__, "msg": str(e)}, ensure_ascii=False)


def canonical(line):
    return json.dumps(json.loads(line), ensure_ascii=False) if line.startswith("{") else line


def digest(text):
    return hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--cache")
    parser.add_argument("--limit", type=int)
    parser.add_argument("paths", nargs="*")
    options = parser.parse_intermixed_args()
    files = []
    for path in options.paths or [os.path.dirname(os.__file__)]:
        if os.path.isdir(path):
            for root, _, names in os.walk(path):
                files += [os.path.join(root, name) for name in names if name.endswith(".py")]
        else:
            files.append(path)
    files.sort()
    files = files[: options.limit]
    cache = {}
    if options.cache and os.path.exists(options.cache):
        cache = json.load(open(options.cache))
    bad = 0
    for start in range(0, len(files), 100):
        batch = files[start : start + 100]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
            listing.write("\n".join(batch))
            listing.flush()
            run = subprocess.run([options.tool, "@" + listing.name], capture_output=True, timeout=300)
        lines = run.stdout.decode("utf-8", "surrogatepass").split("\n")[:-1]
        if run.returncode or len(lines) != len(batch):
            print(f"tool failed ({run.returncode}) near {batch[len(lines)] if len(lines) < len(batch) else '?'}: "
                  f"{run.stderr.decode()[:500]}")
            bad += 1
            continue
        for path, line in zip(batch, lines):
            if line.startswith('{"type": "codec"'):
                continue
            with open(path, "rb") as file:
                source = file.read()
            key = path + ":" + hashlib.sha1(source).hexdigest()
            wanted_text = None
            if key not in cache:
                wanted_text = reference(source)
                cache[key] = digest(wanted_text)
            line = canonical(line)
            if digest(line) == cache[key]:
                continue
            bad += 1
            wanted_text = wanted_text or reference(source)
            at = next((i for i, (a, b) in enumerate(zip(line, wanted_text)) if a != b), min(len(line), len(wanted_text)))
            window = slice(max(0, at - 150), at + 150)
            print(f"{path}: differs at {at}\n   baton:   {line[window]}\n   cpython: {wanted_text[window]}")
        if options.cache:
            json.dump(cache, open(options.cache, "w"))
    print(f"{len(files)} files, {bad} different")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
