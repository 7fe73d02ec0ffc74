#!/usr/bin/env python3
"""The rules about who includes whom: a layer includes only itself and earlier ones; modules do not include each other.

    layering.py [--headers]      --headers also compiles every header alone (slow)

Prints every breach as file:line and exits 1 if there is one.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAYERS = ['base', 'threads', 'heap', 'syntax', 'objects', 'compile', 'interp', 'jit', 'modules', 'cli']
# What a layer may include where "itself and all earlier" is too much.
ONLY = {'syntax': {'base', 'syntax'}}
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def sources():
    for root, dirs, files in os.walk(os.path.join(TOP, 'src')):
        dirs.sort()
        for name in sorted(files):
            if name.endswith(('.cpp', '.h', '.inc', '.def')):
                yield os.path.relpath(os.path.join(root, name), TOP)


def includes(path):
    with open(os.path.join(TOP, path), encoding='utf-8') as f:
        for number, line in enumerate(f, 1):
            m = INCLUDE.match(line)
            if m:
                yield number, m.group(1)


def module_files():
    """Stems of the files in modules/ that publish a module."""
    found = set()
    for path in sources():
        if path.startswith('src/modules/') and path.endswith('.cpp'):
            with open(os.path.join(TOP, path), encoding='utf-8') as f:
                if re.search(r'\bModuleDef\s+\w+\s*[={]', f.read()):
                    found.add(os.path.basename(path)[:-4])
    return found


def check_includes():
    breaches = []
    modules = module_files()
    for path in sources():
        layer = path.split('/')[1]
        if layer not in LAYERS:
            breaches.append('%s: src/%s is not a layer' % (path, layer))
            continue
        allowed = ONLY.get(layer) or set(LAYERS[:LAYERS.index(layer) + 1])
        stem = os.path.splitext(os.path.basename(path))[0]
        for number, target in includes(path):
            other = target.split('/')[0]
            if other in LAYERS and other not in allowed:
                breaches.append('%s:%d: %s may not include %s' % (path, number, layer, target))
            if layer == 'modules' and other == 'modules':
                wanted = os.path.splitext(os.path.basename(target))[0]
                if wanted in modules and not stem.startswith(wanted) and not target.endswith('.def'):
                    breaches.append('%s:%d: a module may not include another (%s)' % (path, number, target))
            if target.endswith('.cpp'):
                breaches.append('%s:%d: includes a .cpp file' % (path, number))
    return breaches


def check_headers():
    """Every header must compile alone."""
    compiler = shutil.which('clang++-19')
    if compiler is None:
        return ['clang++-19 is missing']
    generated = [d for d in ('release', 'fast', 'dev') if os.path.isdir(os.path.join(TOP, 'build', d, 'generated'))]

    def one(path):
        argv = [compiler, '-std=gnu++20', '-fsyntax-only', '-fno-exceptions', '-fno-rtti', '-mcx16', '-Isrc',
                '-Wno-pragma-once-outside-header', '-x', 'c++', path]
        if generated:
            argv.insert(-3, '-Ibuild/%s/generated' % generated[0])
        p = subprocess.run(argv, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if p.returncode:
            return '%s does not compile alone:\n%s' % (path, p.stdout.decode('utf-8', 'replace')[:1500])
        return None

    headers = [p for p in sources() if p.endswith('.h')]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        return [r for r in pool.map(one, headers) if r]


def main():
    breaches = check_includes()
    if '--headers' in sys.argv:
        breaches += check_headers()
    for b in breaches:
        print(b)
    return 1 if breaches else 0


if __name__ == '__main__':
    sys.exit(main())
