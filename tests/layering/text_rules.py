#!/usr/bin/env python3
"""The rules about text: no paths of one machine, 130 columns, a source file opens with a comment, no trailing blanks, no files
but text.

Prints every breach as file:line and exits 1 if there is one.
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COLUMNS = 130
SKIP_DIRS = {'.git', 'build', '__pycache__', '.cache'}
CODE = ('.cpp', '.h', '.inc', '.def', '.py', '.cmake', '.sh')
TABLES = ('.def',)          # one row a line, as long as the row is
TEXT = CODE + ('.md', '.txt', '.json', '.yml')
BINARY = ('cmake/profile.xz',)  # all else is text: what a profiler or a failed run leaves behind slips in easily
# Somebody's home or checkout. Spelt in pieces, for this file is checked too.
MACHINE = re.compile(r'(?<![A-Za-z0-9_.*-])/(?:wo' r'rk|ro' r'ot|ho' r'me/[a-z][a-z0-9_-]*|Us' r'ers/[A-Za-z]+)/')


# Scripts that compare output keep a case a line, and table makers a rule a line, however long.
SCRIPTS = ('tests/python/', 'tests/golden/', 'tests/unit/base/unicode_checksums.py', 'tools/gen_unicode.py')


def files():
    for root, dirs, names in os.walk(TOP):
        dirs[:] = sorted(d for d in dirs if d not in SKIP_DIRS and not os.path.exists(os.path.join(root, d, '.git')))
        for name in sorted(names):
            yield os.path.relpath(os.path.join(root, name), TOP)


def is_script(text):
    return text.startswith('#!')


def opens_with_comment(path, lines):
    for line in lines:
        line = line.strip()
        if not line or line == '#pragma once' or line.startswith('#!'):
            continue
        if path.endswith('.py'):
            return line.startswith(('#', '"""', "'''", 'r"""'))
        if path.endswith(('.cpp', '.h', '.inc', '.def')):
            return line.startswith(('//', '/*'))
        return True
    return True


def check(path):
    try:
        with open(os.path.join(TOP, path), encoding='utf-8', newline='') as f:
            text = f.read()
    except OSError:
        return
    except UnicodeDecodeError:
        text = '\0'
    if '\0' in text:
        if path not in BINARY and not path.startswith(SCRIPTS):
            yield '%s:1: a binary file' % path
        return
    code = path.endswith(CODE) or is_script(text)
    if not code and not path.endswith(TEXT):
        return
    lines = text.split('\n')
    for number, line in enumerate(lines, 1):
        if MACHINE.search(line):
            yield '%s:%d: path of a particular machine: %s' % (path, number, line.strip()[:80])
        if code and len(line) > COLUMNS and not path.endswith(TABLES) and not path.startswith(SCRIPTS):
            yield '%s:%d: %d columns' % (path, number, len(line))
        if code and line.endswith(('\r', ' ', '\t')) and 'trailing-blanks-ok' not in text:
            yield '%s:%d: trailing blank' % (path, number)
        if '\t' in line and path.endswith(('.cpp', '.h', '.inc', '.def')):
            yield '%s:%d: tab' % (path, number)
    if code and not path.startswith(('tests/unit/', 'tests/golden/')) and not opens_with_comment(path, lines):
        yield '%s:1: a source file opens with a comment that says what it is' % path


def main():
    breaches = [b for path in files() for b in check(path)]
    for b in breaches:
        print(b)
    return 1 if breaches else 0


if __name__ == '__main__':
    sys.exit(main())
