#!/usr/bin/env python3
"""Builds Baton and runs its tests in parallel. Started by tools/check; docs/testing.md says what the tests are.

    tools/check                      the everyday set: release build, every kind of test
    tools/check --full               also: sanitizer builds, GC stress everywhere, the whole conformance suite
    tools/check --kind python --only 'language/.*'       a part
    tools/check --no-build --interp build/fast/baton     another binary
    tools/check --update-golden      write the golden files anew
    tools/check --list               what would run

Kinds: rules, unit, python, golden, conformance. Each failure is printed with the command that repeats it. A script that fails
beside others runs once more alone; one that passes then is named with what it showed, and at most three may.
The last line is "N passed, N failed"; the exit status is 1 if any failed.
"""
import argparse
import concurrent.futures
import difflib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TESTS = os.path.join(TOP, 'tests')
TIMES = os.path.join(TOP, 'build', 'check_times.json')
KINDS = ('rules', 'unit', 'python', 'golden', 'conformance')

# How a script of tests/python is run: name, interpreter arguments, share of the scripts, patience.
EVERYDAY_MODES = [('gil=1', ['-X', 'gil=1'], 'all', 1), ('gil=0', ['-X', 'gil=0'], 'all', 1),
                  ('jit', ['-X', 'jit_threshold=2'], 'stress', 2), ('stress', ['-X', 'gc_stress=301'], 'stress', 5)]
FULL_MODES = [('gil=1', ['-X', 'gil=1'], 'all', 1), ('gil=0', ['-X', 'gil=0'], 'all', 1),
              ('jit', ['-X', 'jit_threshold=2'], 'all', 2), ('jit gil=0', ['-X', 'jit_threshold=2', '-X', 'gil=0'], 'all', 2),
              ('stress', ['-X', 'gc_stress=61'], 'all', 10), ('stress gil=0', ['-X', 'gc_stress=301', '-X', 'gil=0'], 'all', 10)]
SANITIZER_MODES = {'dev': [('dev', [], 'all', 8), ('dev gil=0', ['-X', 'gil=0'], 'all', 8)],
                   'tsan': [('tsan gil=0', ['-X', 'gil=0'], 'all', 15)]}
# Scripts of these topics are small and touch the most object code: the everyday stress set.
STRESS_TOPICS = ('language', 'builtins', 'gc', 'errors')
DEFAULT_TIMEOUT = 60
MOST_AGAIN = 3  # scripts that may pass at their second run, alone


class Outcome:
    def __init__(self, ok, why='', output=''):
        self.ok, self.why, self.output = ok, why, output


class Test:
    """One line of the result: a name, the command that repeats it, and a function that runs it."""

    def __init__(self, name, command, run, alone=False):
        self.name, self.command, self.run, self.alone = name, command, run, alone


# --- running a command -------------------------------------------------------

def clean_env(home):
    env = {'PATH': os.environ.get('PATH', '/usr/local/bin:/usr/bin:/bin'), 'HOME': home, 'TMPDIR': home,
           'LANG': 'C.UTF-8', 'LC_ALL': 'C.UTF-8', 'TERM': 'dumb', 'TZ': 'UTC'}
    for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS', 'INTERP'):
        if name in os.environ:
            env[name] = os.environ[name]
    env.setdefault('ASAN_OPTIONS', 'detect_leaks=0:detect_stack_use_after_return=0')
    env.setdefault('UBSAN_OPTIONS', 'halt_on_error=1:print_stacktrace=1')
    env.setdefault('TSAN_OPTIONS', 'halt_on_error=1:die_after_fork=0')
    return env


def execute(argv, timeout, stdin=b''):
    """-> (exit status or None after a timeout, stdout, stderr); in a fresh directory and its own process group."""
    home = tempfile.mkdtemp(prefix='baton-check-')
    out_path, err_path = os.path.join(home, '.out'), os.path.join(home, '.err')
    try:
        work = os.path.join(home, 'w')
        os.mkdir(work)
        with open(out_path, 'wb') as out, open(err_path, 'wb') as err:
            try:
                proc = subprocess.Popen(argv, cwd=work, env=clean_env(home), stdin=subprocess.PIPE, stdout=out, stderr=err,
                                        start_new_session=True)
            except OSError as e:
                return 127, '', 'cannot start %s: %s' % (argv[0], e)
            try:
                try:
                    proc.stdin.write(stdin)
                    proc.stdin.close()
                except BrokenPipeError:
                    pass
                try:
                    status = proc.wait(timeout)
                except subprocess.TimeoutExpired:
                    status = None
            finally:
                try:
                    os.killpg(proc.pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass
                proc.wait()
        with open(out_path, encoding='utf-8', errors='backslashreplace') as f:
            stdout = f.read()
        with open(err_path, encoding='utf-8', errors='backslashreplace') as f:
            stderr = f.read()
        return status, stdout, stderr
    finally:
        shutil.rmtree(home, ignore_errors=True)


def describe_status(status, timeout):
    if status is None:
        return 'no end after %g s' % timeout
    if status < 0:
        try:
            return 'killed by ' + signal.Signals(-status).name
        except ValueError:
            return 'killed by signal %d' % -status
    return 'exit status %d' % status


def tail(text, lines=30):
    kept = text.rstrip('\n').split('\n')
    if len(kept) > lines:
        kept = ['... %d lines left out' % (len(kept) - lines)] + kept[-lines:]
    return '\n'.join(kept)


def shown(argv):
    return ' '.join(shlex.quote(os.path.relpath(a, TOP) if a.startswith(TOP + os.sep) else a) for a in argv)


def simple(name, argv, timeout=600, alone=False):
    def run():
        status, out, err = execute(argv, timeout)
        if status == 0:
            return Outcome(True)
        return Outcome(False, describe_status(status, timeout), tail(out + err, 60))
    return Test(name, shown(argv), run, alone)


# --- the kinds ---------------------------------------------------------------

def rules_tests(opts):
    layering = [sys.executable, os.path.join(TESTS, 'layering', 'layering.py')]
    yield simple('rules layering', layering)
    yield simple('rules text', [sys.executable, os.path.join(TESTS, 'layering', 'text_rules.py')])
    if opts.full:
        yield simple('rules headers', layering + ['--headers'], 1800, alone=True)


def unit_tests(binary, label):
    """One test per case of the binary; the cases are listed by the binary itself."""
    try:
        listing = subprocess.run([binary, '--list'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        listed = [line.split() for line in listing.stdout.decode('utf-8', 'replace').splitlines()]
        names = [words[0] for words in listed if words[1:] != ['timed']]
        timed = [words[0] for words in listed if words[1:] == ['timed']]
    except (OSError, subprocess.TimeoutExpired) as e:
        names, timed, listing = [], [], None
        problem = str(e)
    if listing is None or listing.returncode or not names:
        why = problem if listing is None else '%s --list gives %d names, exit status %d' % (
            shown([binary]), len(names), listing.returncode)
        yield Test('unit %s (start)' % label, shown([binary, '--list']), lambda: Outcome(False, why))
        return
    # Start-up of the process is most of the cost of a case, so they go in bundles; a bundle that fails is run case by case.
    size = max(1, (len(names) + 15) // 16)
    for i in range(0, len(names), size):
        yield bundle(binary, label, names[i:i + size])
    if timed:
        yield bundle(binary, label, timed, alone=True)


def bundle(binary, label, names, alone=False):
    def run():
        status, out, err = execute([binary, '--exact'] + names, 300)
        if status == 0:
            return Outcome(True)
        broken = []
        for name in names:
            status, out, err = execute([binary, '--exact', name], 120)
            if status != 0:
                broken.append('%s: %s\n%s' % (shown([binary, '--exact', name]), describe_status(status, 120), tail(out + err)))
        if not broken:
            return Outcome(False, 'fails together, passes case by case', tail(out + err))
        test.failed_count = len(broken)
        return Outcome(False, '%d of %d cases' % (len(broken), len(names)), '\n'.join(broken))
    test = Test('unit %s %s .. %s' % (label, names[0], names[-1]), shown([binary, '--exact'] + names), run, alone)
    test.count = len(names)
    return test


def syntax_tests(opts, oracle):
    """The parser against the reference's: trees of the standard library, errors of the sources in CPython's syntax tests."""
    tool = os.path.join(TOP, 'build', opts.preset, 'syntax_dump')
    cache = os.path.join(TOP, 'build', 'syntax_reference.json')
    yield simple('unit syntax trees', [oracle, os.path.join(TOP, 'tools', 'compare_syntax.py'), tool, '--cache', cache])
    yield simple('unit syntax snippets', [oracle, os.path.join(TOP, 'tools', 'compare_snippets.py'), tool])
    yield simple('unit syntax mutations', [oracle, os.path.join(TOP, 'tools', 'compare_snippets.py'), tool, '--mutate',
                                           '20000' if opts.full else '3000', '--modes', 'exec,incomplete,type_comments'])


MARKER = re.compile(r'^#\s*(baton-only|alone|no-stress|no-tsan|no-dev|stress|timeout|expect-exit|modes|args):?[ \t]*(.*)$', re.M)


def read_markers(text):
    """The '# name' and '# name: value' comments of a script, and its '# expect:' lines."""
    markers = {m.group(1): m.group(2).strip() for m in MARKER.finditer(text)}
    expected = re.findall(r'#[ \t]*expect: ?(.*)$', text, re.M)
    return markers, expected


class Oracle:
    """What python3.11 prints for a script, asked once a script."""

    def __init__(self, command):
        self.command = command
        self.lock = threading.Lock()
        self.asked = {}

    def ask(self, path, arguments, timeout):
        with self.lock:
            future = self.asked.get(path)
            mine = future is None
            if mine:
                future = self.asked[path] = concurrent.futures.Future()
        if mine:
            try:
                future.set_result(execute([self.command, path] + arguments, timeout))
            except BaseException as e:
                future.set_exception(e)
        return future.result()


def first_difference(mine, theirs, most=14):
    """What to say when stdout is not as expected: the first differing lines."""
    a, b = theirs.split('\n'), mine.split('\n')
    changed = [x for x in difflib.unified_diff(a, b, 'expected', 'here', lineterm='', n=0) if not x.startswith(('---', '+++'))]
    shown_lines = ['  ' + x[:300] for x in changed[:most]]
    if len(changed) > most:
        shown_lines.append('  ... %d more lines of difference' % (len(changed) - most))
    return 'stdout differs (- expected, + here)\n' + '\n'.join(shown_lines)


def script_files():
    for root, dirs, files in os.walk(os.path.join(TESTS, 'python')):
        dirs[:] = sorted(d for d in dirs if not d.startswith(('_', '.')))
        for name in sorted(files):
            if name.endswith('.py') and not name.startswith('_'):
                yield os.path.join(root, name)


def python_tests(opts, interp, modes, oracle, impl):
    is_dev = os.path.basename(os.path.dirname(interp)) == 'dev'
    for path in script_files():
        with open(path, encoding='utf-8') as f:
            markers, expected = read_markers(f.read())
        if 'baton-only' in markers and impl != 'baton':
            continue
        topic = os.path.relpath(path, os.path.join(TESTS, 'python')).split(os.sep)[0]
        in_stress = 'no-stress' not in markers and (topic in STRESS_TOPICS or 'stress' in markers)
        for mode, flags, share, patience in modes:
            if share == 'stress' and not in_stress or 'stress' in mode and 'no-stress' in markers:
                continue
            if 'tsan' in mode and 'no-tsan' in markers or is_dev and 'no-dev' in markers:
                continue
            if 'modes' in markers and mode not in markers['modes'].split(',') and impl == 'baton':
                continue
            yield script(interp, path, mode, flags, patience, markers, expected, oracle)


def script(interp, path, mode, flags, patience, markers, expected, oracle):
    timeout = float(markers.get('timeout') or DEFAULT_TIMEOUT)
    arguments = shlex.split(markers.get('args', ''))
    argv = [interp] + flags + [path] + arguments
    wanted_status = int(markers.get('expect-exit') or 0)

    def run():
        status, out, err = execute(argv, timeout * patience)
        if status != wanted_status:
            return Outcome(False, describe_status(status, timeout * patience), tail(out, 10) + '\n' + tail(err))
        if expected:
            want = '\n'.join(expected) + '\n'
        elif 'baton-only' in markers or oracle is None:
            return Outcome(True)
        else:
            status, want, err = oracle.ask(path, arguments, timeout)
            if status != wanted_status:
                why = 'the script fails under %s: %s' % (oracle.command, describe_status(status, timeout))
                return Outcome(False, why, tail(err))
        if out != want:
            return Outcome(False, first_difference(out, want), tail(err, 5))
        return Outcome(True)

    name = os.path.relpath(path, os.path.join(TESTS, 'python'))[:-3]
    return Test('python %s [%s]' % (name, mode), shown(argv), run, 'alone' in markers)


def golden_tests(opts, interp):
    """tests/golden/kinds.txt names the kinds and the interpreter arguments that print each."""
    folder = os.path.join(TESTS, 'golden')
    try:
        with open(os.path.join(folder, 'kinds.txt'), encoding='utf-8') as f:
            lines = [x.strip() for x in f if x.strip() and not x.startswith('#')]
    except FileNotFoundError:
        return
    for line in lines:
        kind, _, arguments = line.partition(':')
        place = os.path.join(folder, kind.strip())
        for name in sorted(os.listdir(place) if os.path.isdir(place) else ()):
            if name.endswith('.py'):
                yield golden(opts, interp, kind.strip(), os.path.join(place, name), shlex.split(arguments))


def golden(opts, interp, kind, source, arguments):
    argv = [interp] + [source if a == '{source}' else a for a in arguments]
    stored = source[:-3] + '.golden'

    def run():
        status, out, err = execute(argv, DEFAULT_TIMEOUT)
        if status != 0:
            return Outcome(False, describe_status(status, DEFAULT_TIMEOUT), tail(err))
        out = out.replace(source, os.path.basename(source))
        if opts.update_golden:
            with open(stored, 'w', encoding='utf-8') as f:
                f.write(out)
            return Outcome(True)
        try:
            with open(stored, encoding='utf-8') as f:
                want = f.read()
        except FileNotFoundError:
            return Outcome(False, '%s is missing: tools/check --update-golden makes it' % os.path.relpath(stored, TOP))
        return Outcome(True) if out == want else Outcome(False, first_difference(out, want))

    return Test('golden %s/%s' % (kind, os.path.basename(source)[:-3]), shown(argv), run)


# --- running them all --------------------------------------------------------

def known_failures():
    """-> {test name: reason} of tests/known_failures.txt: lines `name: reason`. The file may only shrink."""
    known = {}
    with open(os.path.join(TESTS, 'known_failures.txt'), encoding='utf-8') as f:
        for line in f:
            if line.strip() and not line.startswith('#'):
                name, _, reason = line.strip().partition(': ')
                known[name] = reason
    return known


class Report:
    def __init__(self, total):
        self.lock = threading.Lock()
        self.total, self.done, self.passed, self.failed, self.skipped = total, 0, 0, 0, 0
        self.known = known_failures()
        self.failures = []
        self.began = self.last_note = time.monotonic()
        self.times = {}

    def add(self, test, outcome, seconds):
        with self.lock:
            self.done += 1
            self.times[test.name] = round(seconds, 2)
            if test.name in self.known and not outcome.ok:
                self.skipped += 1
                return
            if test.name in self.known:
                print('passes now, take it out of tests/known_failures.txt: %s' % test.name, flush=True)
            cases = getattr(test, 'count', 1)
            failed = 0 if outcome.ok else min(cases, getattr(test, 'failed_count', 1))
            self.passed += cases - failed
            self.failed += failed
            if not outcome.ok:
                self.failures.append(test)
                body = ''.join('\n    ' + x for x in outcome.output.strip('\n').split('\n')) if outcome.output.strip() else ''
                print('FAILED %s: %s\n  again: %s%s' % (test.name, outcome.why, test.command, body), flush=True)
            if time.monotonic() - self.last_note > 15 or self.done == self.total:
                self.last_note = time.monotonic()
                print('[%4.0f s] %d of %d run, %d failed' % (
                    self.last_note - self.began, self.done, self.total, self.failed), flush=True)


def run_tests(tests, jobs):
    try:
        with open(TIMES, encoding='utf-8') as f:
            times = json.load(f)
    except (OSError, ValueError):
        times = {}
    report = Report(len(tests))

    def guarded(test):
        try:
            return test.run()
        except Exception as e:
            return Outcome(False, 'the runner failed: %s: %s' % (type(e).__name__, e))

    def one(test):
        began = time.monotonic()
        report.add(test, guarded(test), time.monotonic() - began)

    again = []

    def beside_others(test):
        began = time.monotonic()
        outcome = guarded(test)
        if outcome.ok or test.name in report.known or not test.name.startswith('python '):
            report.add(test, outcome, time.monotonic() - began)
        else:
            again.append((test, outcome))

    # The longest first, so that none is left over at the end; what measures time runs alone afterwards.
    crowd = sorted((t for t in tests if not t.alone), key=lambda t: -times.get(t.name, 1))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(beside_others, crowd))
    for test, first in again:
        began = time.monotonic()
        second = guarded(test) if len(again) <= MOST_AGAIN else first
        if second.ok:
            print('note: %s passed only when it ran again alone (%s)\n%s' % (test.name, first.why, first.output), flush=True)
        report.add(test, second, time.monotonic() - began)
    for test in tests:
        if test.alone:
            one(test)
    times.update(report.times)
    try:
        os.makedirs(os.path.dirname(TIMES), exist_ok=True)
        with open(TIMES, 'w', encoding='utf-8') as f:
            json.dump(times, f, indent=0, sort_keys=True)
    except OSError:
        pass
    return report


def build(preset):
    command = [os.path.join(TOP, 'tools', 'setup'), '--build', preset]
    return subprocess.call(command, cwd=TOP, stdin=subprocess.DEVNULL) == 0


def implementation(interp):
    try:
        p = subprocess.run([interp, '-c', 'import sys; print(sys.implementation.name)'], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as e:
        return None, str(e)
    name = p.stdout.decode('utf-8', 'replace').strip()
    if p.returncode or not name:
        return None, describe_status(p.returncode, 60) + ': ' + p.stderr.decode('utf-8', 'replace').strip()[-400:]
    return name, ''


def find_oracle(opts):
    if opts.oracle:
        return opts.oracle
    for name in ('/usr/bin/python3.11', 'python3.11'):
        found = shutil.which(name)
        if found:
            return found
    return None


def conformance(opts, interp):
    """-> (passed, failed) of tests/conformance/run.py, which prints its own failures."""
    argv = [sys.executable, os.path.join(TESTS, 'conformance', 'run.py'), '--check', '--interp', interp,
            '--jobs', str(opts.jobs), '--quiet']
    if not opts.full:
        argv += ['--budget', str(opts.budget)]
    print('conformance: %s' % shown(argv), flush=True)
    p = subprocess.Popen(argv, cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    passed = failed = None
    for line in p.stdout:
        line = line.decode('utf-8', 'replace').rstrip('\n')
        m = re.fullmatch(r'(\d+) passed, (\d+) failed', line)
        if m:
            passed, failed = int(m.group(1)), int(m.group(2))
        else:
            print(line, flush=True)
    status = p.wait()
    if passed is None or status and not failed:
        print('FAILED conformance: %s\n  again: %s' % (describe_status(status, 0), shown(argv)), flush=True)
        return passed or 0, (failed or 0) + 1
    return passed, failed


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--full', action='store_true')
    p.add_argument('--kind', action='append', default=[], metavar='KIND', help='only this kind (repeatable, or a,b)')
    p.add_argument('--only', metavar='REGEX', help='only tests whose name matches')
    p.add_argument('--no-build', action='store_true')
    p.add_argument('--preset', default='release', help='the build to test (default: release)')
    p.add_argument('--interp', default=os.environ.get('INTERP'), metavar='PATH', help='test this interpreter instead')
    p.add_argument('--oracle', metavar='PATH', help='the reference (default: python3.11)')
    p.add_argument('-j', '--jobs', type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument('--budget', type=float, default=600, metavar='S', help='seconds for the everyday conformance part')
    p.add_argument('--update-golden', action='store_true')
    p.add_argument('--list', action='store_true')
    opts = p.parse_args()
    opts.kind = [k for arg in opts.kind for k in arg.split(',')] or list(KINDS)
    for k in opts.kind:
        if k not in KINDS:
            p.error('no such kind: %s (there are %s)' % (k, ', '.join(KINDS)))
    return opts


def compare_calls(opts, interp, oracle):
    """Random calls of built-in methods under both interpreters: some types every day, all types and modules with --full."""
    types = 'list|tuple|dict|set|frozenset|str|bytes|bytearray|int|range|slice|deque|Decimal|Context'
    part = [] if opts.full else ['--types', types]
    tool = os.path.join(TOP, 'tools', 'compare_calls.py')
    return simple('python calls', [oracle, tool, '--interp', interp, '--reference', oracle, '--runs', '20', *part], 600)


def compare_programs(opts, interp, oracle):
    """Random programs under both interpreters; of some the trace events, too (one in 2,000 may differ: not in these)."""
    tool = os.path.join(TOP, 'tools', 'compare_programs.py')
    count = 20000 if opts.full else 1000
    command = [oracle, tool, '--interp', interp, '--reference', oracle, '--jobs', '1', '--count']
    return [simple('python programs', [*command, str(count)], 600),
            simple('python traced programs', [*command, '1000', '--trace'], 600)]


def binary_tests(opts, tests, problems):
    """Adds the tests of the main build, or of --interp. -> the interpreter, or None if it does not run."""
    interp = os.path.abspath(opts.interp) if opts.interp else os.path.join(TOP, 'build', opts.preset, 'baton')
    if not opts.interp and 'unit' in opts.kind:
        tests += unit_tests(os.path.join(TOP, 'build', opts.preset, 'unit_tests'), opts.preset)
        if find_oracle(opts):
            tests += syntax_tests(opts, find_oracle(opts))
        for preset in SANITIZER_MODES if opts.full else ():
            tests += unit_tests(os.path.join(TOP, 'build', preset, 'unit_tests'), preset)
    if not set(opts.kind) & {'python', 'golden', 'conformance'}:
        return None
    impl, why = implementation(interp)
    if impl is None:
        problems.append('%s does not run: %s' % (shown([interp]), why))
        return None
    oracle = find_oracle(opts)
    if oracle is None:
        print('note: no python3.11 to compare with; outputs are not compared')
    asked = Oracle(oracle) if oracle else None
    modes = (FULL_MODES if opts.full else EVERYDAY_MODES) if impl == 'baton' else [('plain', [], 'all', 1)]
    if 'python' in opts.kind:
        tests += python_tests(opts, interp, modes, asked, impl)
        if oracle and impl == 'baton':
            tests.append(compare_calls(opts, interp, oracle))
            tests += compare_programs(opts, interp, oracle)
    if 'golden' in opts.kind:
        tests += golden_tests(opts, interp)
    if opts.full and not opts.interp and 'python' in opts.kind:
        for preset, sanitizer_modes in SANITIZER_MODES.items():
            tests += python_tests(opts, os.path.join(TOP, 'build', preset, 'baton'), sanitizer_modes, asked, impl)
    return interp


def main():
    sys.stdout.reconfigure(line_buffering=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # not ignored, as in a background job: the tests would inherit that
    opts = parse()
    began = time.monotonic()
    problems = []
    if not opts.no_build and not opts.list and not opts.interp:
        for preset in [opts.preset, *(SANITIZER_MODES if opts.full else ())]:
            if not build(preset):
                problems.append('the %s build failed: tools/setup --build %s' % (preset, preset))
                break
    tests = []
    if 'rules' in opts.kind:
        tests += rules_tests(opts)
    interp = None
    if not problems:
        interp = binary_tests(opts, tests, problems)
    if opts.only:
        tests = [t for t in tests if re.search(opts.only, t.name)]
    if opts.list:
        print('\n'.join('%-60s %s' % (t.name, t.command) for t in tests))
        return 0
    report = run_tests(tests, max(1, opts.jobs))
    passed, failed = report.passed, report.failed
    if 'conformance' in opts.kind and interp and not opts.only:
        more_passed, more_failed = conformance(opts, interp)
        passed, failed = passed + more_passed, failed + more_failed
    if report.failures:
        print('\nFailed; to run again:')
        for test in report.failures:
            print('  %s' % test.command)
    for p in problems:
        print('FAILED ' + p)
    print('%.0f s' % (time.monotonic() - began))
    print('%d passed, %d failed, %d skipped' % (passed, failed + len(problems), report.skipped))
    return 1 if failed or problems else 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
