#!/usr/bin/env python3
"""Runs CPython 3.11's installed test suite under an interpreter and says which owed tests pass.

    run.py test_int test_asyncio.test_tasks       modules; a package's name stands for all its modules
    run.py --group language --failures            a group of groups.json; list what does not pass
    run.py --all --jobs 2 --summary --out R.json  everything but the group not-applicable
    run.py --check [--budget S]                   what must_pass.txt promises; ends with "N passed, N failed"
    run.py --update R.json... [--admit PERCENT]   bring must_pass.txt and known_failures.txt up to results

The interpreter under test is --interp, $INTERP or build/release/baton. See README.md for the lists.
Every module runs in its own process group and directory; a crash or a hang costs only the test that it hit.
"""
import argparse
import collections
import functools
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

import child
import lists

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SUITE = '/usr/lib/python3.11/test'


# --- what to run -----------------------------------------------------------

def load_groups():
    with open(os.path.join(HERE, 'groups.json'), encoding='utf-8') as f:
        return json.load(f)['groups']


def expand(name):
    """'test_json' -> the modules of that test package; else the name itself."""
    if name.startswith('test.'):
        name = name[5:]
    path = os.path.join(SUITE, *name.split('.'))
    if not os.path.isdir(path):
        return [name]
    found = []
    for root, dirs, files in os.walk(path):
        dirs.sort()
        rel = os.path.relpath(root, path)
        prefix = name if rel == '.' else name + '.' + rel.replace(os.sep, '.')
        if rel != '.' and '__init__.py' not in files:
            dirs[:] = []
            continue
        found += [prefix + '.' + f[:-3] for f in sorted(files) if f.startswith('test_') and f.endswith('.py')]
    try:
        with open(os.path.join(path, '__init__.py'), encoding='utf-8') as f:
            if '    def test_' in f.read():
                found.insert(0, name)
    except OSError:
        pass
    return found or [name]


def chosen_modules(opts, groups):
    names = list(opts.modules)
    for g in opts.group:
        if g not in groups:
            raise SystemExit('no such group: %s (there are: %s)' % (g, ', '.join(groups)))
        names += list(groups[g]['modules'])
    if opts.all:
        for g in groups:
            if g != 'not-applicable':
                names += list(groups[g]['modules'])
    return list(dict.fromkeys(m for n in names for m in expand(n)))


# --- the run ---------------------------------------------------------------

def probe(opts):
    """Does the interpreter run a two-line program?  None, or why not."""
    with tempfile.TemporaryDirectory(prefix='cf') as top:
        script = os.path.join(top, 'probe.py')
        with open(script, 'w') as f:
            f.write('import sys\nprint("conformance", 6 * 7, sys.version_info[0])\n')
        try:
            proc = subprocess.Popen([opts.interp] + opts.interp_args + [script], cwd=top,
                                    env={'PATH': opts.path, 'LANG': 'C.UTF-8', 'HOME': top},
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, start_new_session=True)
        except OSError as exc:
            return 'cannot start: %s' % exc
        try:
            out = proc.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            os.killpg(proc.pid, signal.SIGKILL)
            proc.communicate()
            return 'does not finish a two-line program in 60 s'
        if proc.returncode != 0 or out.strip() != b'conformance 42 3':
            return '%s, printed %r for a two-line program' % (child.signal_name(proc.returncode), out[:200])
    return None


def default_signals():
    """A driver started in the background inherits an ignored SIGINT or SIGHUP, which
    the tests would inherit in turn; a handler of ours becomes the default in them."""
    for name in ('SIGINT', 'SIGHUP', 'SIGTERM', 'SIGQUIT', 'SIGCHLD', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'):
        num = getattr(signal, name)
        if signal.getsignal(num) == signal.SIG_IGN:
            signal.signal(num, signal.default_int_handler if name == 'SIGINT' else signal.SIG_DFL)


class Progress:
    def __init__(self, opts, total):
        self.quiet, self.total, self.done = opts.quiet, total, 0
        self.began = time.monotonic()

    def add(self, module, result):
        self.done += 1
        if self.quiet:
            return
        c = collections.Counter(t[0] for t in result['tests'].values())
        bad = sum(n for k, n in c.items() if k not in ('pass', 'skip', 'xfail'))
        state = '' if result['state'] == 'ok' else result['state'].upper() + ' '
        print('[%4d/%d %5.0fs] %-45s %5d pass %4d skip %4d bad  %6.1fs %s%s' % (
            self.done, self.total, time.monotonic() - self.began, module, c['pass'], c['skip'], bad,
            result['seconds'], state, result['note'][:120].replace('\n', ' | ')), file=sys.stderr, flush=True)


def run_all(opts, expected, modules, never=None, jobs=None):
    """-> {module: result}. `never`: {module: ids not to run} beyond those that hang CPython itself."""
    results = {}
    todo = queue.Queue()
    # The slowest first, so that no long one is left to the end.
    unknown = lists.Module(1.0)
    for m in sorted(modules, key=lambda m: -expected.get(m, unknown).seconds):
        todo.put(m)
    lock = threading.Lock()
    progress = Progress(opts, len(modules))

    def work():
        while True:
            try:
                m = todo.get_nowait()
            except queue.Empty:
                return
            leave = list(expected.get(m, unknown).never) + list((never or {}).get(m, ()))
            try:
                r = child.run_module(opts, m, leave)
            except Exception as exc:        # the driver must outlive any module
                r = {'state': 'broken', 'seconds': 0, 'starts': 0,
                     'note': 'driver: %s: %s' % (type(exc).__name__, exc), 'tests': {}}
            with lock:
                results[m] = r
                progress.add(m, r)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(max(1, jobs or opts.jobs))]
    for t in threads:
        t.start()
    for t in threads:
        while t.is_alive():
            t.join(0.5)
    return results


def status_of(result, test):
    """[status, ms, why] of an owed test; a module that broke answers for all its tests."""
    found = result['tests'].get(test)
    if found is None:
        return ['missing', 0, result['note'] or 'was not found in the module']
    return found


# --- reports ---------------------------------------------------------------

def share(part, whole):
    return '%.1f%%' % (100.0 * part / whole) if whole else '-'


def table(header, rows):
    print('| ' + ' | '.join(header) + ' |')
    print('|---|' + '---:|' * (len(header) - 1))
    for r in rows:
        print('| ' + ' | '.join(str(c) for c in r) + ' |')


def report(opts, expected, results, modules, groups):
    none = lists.Module()
    rows = []
    for m in modules:
        owed = expected.get(m, none).owed
        rows.append([m, len(owed), sum(status_of(results[m], t)[0] == 'pass' for t in owed)])
    if not opts.summary:
        table(['module', 'owed', 'passing', 'share'], [r + [share(r[2], r[1])] for r in rows])
        print()
    where = {top: g for g in groups for top in groups[g]['modules']}
    sums = {g: [0, 0, 0] for g in list(groups) + ['(no group)']}
    for m, owed, here in rows:
        s = sums[where.get(m.split('.')[0], '(no group)')]
        for i, n in enumerate((1, owed, here)):
            s[i] += n
    total = [sum(s[i] for s in sums.values()) for i in range(3)]
    shown = [[g] + s + [share(s[2], s[1])] for g, s in sums.items() if s[0]]
    table(['group', 'modules', 'owed', 'passing', 'share'], shown + [['**total**'] + total + [share(total[2], total[1])]])
    hung = [(m, i, t) for m in modules for i, t in results[m]['tests'].items() if t[0] in ('crash', 'timeout')]
    if hung:
        print('\nCrashes and timeouts:')
        for m, i, t in hung:
            print('- %s %s: %s, %s' % (m, i, t[0], t[2]))
    noted = [m for m in modules if results[m]['state'] == 'broken' or results[m]['note'] and results[m]['state'] == 'ok']
    if noted:
        print('\nModules with a note:')
        for m in noted:
            print('- %s: %s' % (m, results[m]['note'].replace('\n', ' | ')))
    if opts.failures:
        print('\nOwed, not passing:')
        for m in modules:
            for i in expected.get(m, none).owed:
                t = status_of(results[m], i)
                if t[0] != 'pass':
                    print('- %s %s: %s %s' % (m, i, t[0], t[2].replace('\n', ' | ')[:200]))


def dump(obj, path):
    """JSON with one line a module, so that diffs stay readable."""
    head = {k: v for k, v in obj.items() if k != 'modules'}
    rows = ['%s: %s' % (json.dumps(m), json.dumps(obj['modules'][m], separators=(',', ':'))) for m in sorted(obj['modules'])]
    with open(path, 'w', encoding='utf-8') as f:
        f.write(json.dumps(head, sort_keys=True)[:-1] + ', "modules": {\n' + ',\n'.join(rows) + '\n}}\n')


# --- the contract: --check and --update ----------------------------------------

def within_budget(promised, seconds, jobs):
    """The cheapest modules first, as many as fit; -> (taken, left out)."""
    taken, left, used = [], [], 0.0
    for m in sorted(promised, key=lambda m: (promised[m], m)):
        used += promised[m] / jobs
        (taken if seconds is None or used <= seconds else left).append(m)
    return taken, left


@functools.lru_cache(None)
def names_in_suite():
    """Of all functions that the installed suite defines, in whatever module."""
    names = set()
    for folder, _, files in os.walk(SUITE):
        for name in files:
            if name.endswith('.py'):
                with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as f:
                    names.update(re.findall(r'^\s*(?:async )?def (\w+)', f.read(), re.M))
    return names


def is_of_another_suite(result, test):
    """Whether a test is missing because the installed update of the suite has none of that name."""
    return status_of(result, test)[0] == 'missing' and not result['note'] and test.split('.')[-1] not in names_in_suite()


def broken_promises(expected, known, results, modules):
    """-> {module: [owed tests that neither pass nor are known to fail]}

    Another update of the suite lacks some tests: that none has their name is looked up. A few skip themselves where a library or
    a compiler is absent: in a module that ran, at most four or 3 % of the others may be without a result.
    """
    found = {}
    for m in modules:
        broken = [t for t in expected[m].owed if (m, t) not in known and status_of(results[m], t)[0] != 'pass']
        if results[m]['state'] == 'ok':
            there = [t for t in broken if not is_of_another_suite(results[m], t)]
            if len(there) < len(broken):
                print('note: %s: %d tests are not in the suite installed here' % (m, len(broken) - len(there)))
            broken = there
        absent = [t for t in broken if status_of(results[m], t)[0] in ('missing', 'skip')]
        if results[m]['state'] == 'ok' and absent and len(absent) <= max(4, 0.03 * len(expected[m].owed)):
            print('note: %s: %d tests are not in the suite installed here, or skip themselves' % (m, len(absent)))
            broken = [t for t in broken if t not in set(absent)]
        if broken:
            found[m] = broken
    return found


def retry(opts, expected, results, broken):
    """A test that failed in the crowd gets a second chance alone: the machine may have been busy."""
    never = {m: [t for t in results[m]['tests'] if t not in set(tests)] for m, tests in broken.items()}
    again = run_all(opts, expected, list(broken), never, jobs=1)
    for m, tests in broken.items():
        for t in tests:
            if status_of(again[m], t)[0] == 'pass':
                print('note: %s %s passed only when it ran again alone (%s)' % (m, t, status_of(results[m], t)[2][:100]))
                results[m]['tests'][t] = again[m]['tests'][t]


def check(opts, expected):
    promised = lists.read_must_pass()
    known = lists.read_known_failures()
    strange = sorted(m for m in promised if m not in expected)
    modules, left = within_budget({m: s for m, s in promised.items() if m in expected}, opts.budget, opts.jobs)
    results = run_all(opts, expected, modules)
    broken = broken_promises(expected, known, results, modules)
    if broken:
        retry(opts, expected, results, broken)
        broken = broken_promises(expected, known, results, modules)
    failed = 0
    for m in strange:
        failed += 1
        print('FAILED must_pass.txt names %s, which has no owed test' % m)
    for m, tests in broken.items():
        failed += len(tests)
        for t in tests[:20]:
            status, _, why = status_of(results[m], t)
            print('FAILED %s %s: %s %s' % (m, t, status, why.replace('\n', ' | ')[:200]))
        if len(tests) > 20:
            print('FAILED %s: and %d more' % (m, len(tests) - 20))
        print('  again: tests/conformance/run.py --interp %s --failures %s' % (os.path.relpath(opts.interp), m))
    for (m, t), k in sorted(known.items()):
        if m in results and not k.flaky and status_of(results[m], t)[0] == 'pass':
            failed += 1
            print('FAILED %s %s passes, but known_failures.txt says: %s (take the line out)' % (m, t, k.reason))
        elif m in expected and t not in expected[m].owed or m not in promised:
            failed += 1
            print('FAILED known_failures.txt names %s %s, which nobody promised' % (m, t))
    passed = sum(status_of(results[m], t)[0] == 'pass' for m in modules for t in expected[m].owed)
    if left:
        print('%d promised modules did not fit into %g s and were left to the whole run' % (len(left), opts.budget))
    print('%d of %d promised modules run, %d known failures' % (len(modules), len(promised), len(known)))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0


def update(opts, expected):
    """Takes what passes out of known_failures.txt, and takes modules into must_pass.txt that are good enough.

    known_failures.txt only shrinks: a module that is taken in brings its own failures along, once."""
    promised = lists.read_must_pass()
    known = lists.read_known_failures()
    results = {}
    for name in opts.update:
        with open(name, encoding='utf-8') as f:
            results.update(json.load(f)['modules'])
    admitted, cleared, worse = [], 0, 0
    for m, result in sorted(results.items()):
        owed = expected[m].owed if m in expected else []
        if not owed:
            continue
        passing = [t for t in owed if status_of(result, t)[0] == 'pass']
        if m in promised:
            promised[m] = result['seconds']
            for t in passing:
                if (m, t) in known and not known[m, t].flaky:
                    del known[m, t]
                    cleared += 1
            for t in set(owed) - set(passing):
                if (m, t) not in known:
                    worse += 1
                    print('regression, not written down: %s %s: %s' % (m, t, ' '.join(map(str, status_of(result, t)))[:160]))
        elif 100.0 * len(passing) >= opts.admit * len(owed) and passing:
            promised[m] = result['seconds']
            admitted.append(m)
            for t in sorted(set(owed) - set(passing)):
                status, _, why = status_of(result, t)
                reason = ' '.join((status + ': ' + why).split())[:110]
                known[m, t] = lists.Known(m, t, reason)
    lists.write_must_pass(promised)
    lists.write_known_failures(known)
    print('%d modules under contract (%d new), %d known failures (%d cleared), %d regressions' % (
        len(promised), len(admitted), len(known), cleared, worse))
    return 1 if worse else 0


# --- command line ----------------------------------------------------------------

def parse(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('modules', nargs='*', metavar='MODULE')
    p.add_argument('--interp', metavar='PATH', default=os.environ.get('INTERP') or os.path.join(TOP, 'build', 'release', 'baton'))
    p.add_argument('--interp-arg', dest='interp_args', action='append', default=[],
                   help='an argument for the interpreter itself (repeatable): --interp-arg=-X --interp-arg=gil=0')
    p.add_argument('--group', action='append', default=[], help='a group of groups.json (repeatable)')
    p.add_argument('--all', action='store_true', help='every group but not-applicable')
    p.add_argument('--check', action='store_true', help='run what must_pass.txt promises; exit 1 if a promise is broken')
    p.add_argument('--budget', type=float, metavar='S', help='(--check) as many promised modules as fit into this time')
    p.add_argument('--update', nargs='+', metavar='RESULTS', help='bring the lists up to results written by --out')
    p.add_argument('--admit', type=float, default=100, metavar='PERCENT',
                   help='(--update) take modules in of which at least this share passes (default 100)')
    p.add_argument('--jobs', type=int, default=1, help='modules at a time (default 1)')
    p.add_argument('--timeout', type=float, default=120, metavar='S',
                   help='seconds without any event before the running test is killed (default 120)')
    p.add_argument('--module-timeout', type=float, default=1200, metavar='S')
    p.add_argument('--exit-timeout', type=float, default=30, metavar='S',
                   help='seconds for the interpreter to exit after the last test')
    p.add_argument('--memory', type=int, default=4096, metavar='MB',
                   help="kill a test when the interpreter's resident memory passes this (0: never)")
    p.add_argument('--restarts', type=int, default=25, help='crashes or hangs borne a module (default 25)')
    p.add_argument('--out', metavar='FILE', help='write every result as JSON')
    p.add_argument('--logs', metavar='DIR', help='keep the output and full tracebacks, a file a module')
    p.add_argument('--failures', action='store_true', help='list owed tests that do not pass')
    p.add_argument('--summary', action='store_true', help='print only the table of groups')
    p.add_argument('--quiet', action='store_true', help='no progress on stderr')
    p.add_argument('--list', action='store_true', help='list the modules and stop')
    p.add_argument('--resources', default='subprocess,decimal,tzdata', help='test.support resources (default %(default)s)')
    p.add_argument('--env', action='append', metavar='K=V', help='environment for the interpreter')
    p.add_argument('--path', default='/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', help='PATH for the interpreter')
    return p.parse_args(argv)


def main(argv):
    opts = parse(argv)
    expected = lists.read_expected()
    if opts.update:
        return update(opts, expected)
    groups = load_groups()
    modules = chosen_modules(opts, groups)
    if opts.list:
        print('\n'.join(modules))
        return 0
    if not modules and not opts.check:
        print('nothing to run: give modules, --group, --all or --check', file=sys.stderr)
        return 2
    opts.interp = os.path.abspath(opts.interp) if os.sep in opts.interp else opts.interp
    default_signals()
    why = None if opts.check and not lists.read_must_pass() else probe(opts)
    if why:
        print('The interpreter does not work: %s' % why, file=sys.stderr)
        return 3
    if opts.check:
        return check(opts, expected)
    began = time.monotonic()
    results = run_all(opts, expected, modules)
    if opts.out:
        seconds = round(time.monotonic() - began, 1)
        dump({'interp': os.path.basename(opts.interp), 'seconds': seconds, 'modules': results}, opts.out)
    report(opts, expected, results, modules, groups)
    print('\n%d modules in %.0f s.' % (len(modules), time.monotonic() - began))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
