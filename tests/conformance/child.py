"""One module of the suite in a process of its own: starts _inner.py, follows its events, survives its crashes and hangs."""
import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
INNER = os.path.join(HERE, '_inner.py')
TOKEN = 'CONFORMANCE_TOKEN'
MORE_RESOURCES = {'test_socketserver': 'network', 'test_timeout': 'network'}   # localhost will do


def unescape(text):
    if '\\' not in text:
        return text
    out = []
    it = iter(text)
    for c in it:
        if c == '\\':
            c = next(it, '')
            c = {'t': '\t', 'n': '\n', 'r': '\r'}.get(c, c)
        out.append(c)
    return ''.join(out)


def signal_name(rc):
    if rc is not None and rc < 0:
        try:
            return signal.Signals(-rc).name
        except ValueError:
            return 'signal %d' % -rc
    return 'exit status %s' % rc


def sweep(token, session):
    """Kill what a test module left behind: its session, and whatever else
    carries its token in the environment."""
    me = os.getpid()
    mark = (TOKEN + '=' + token).encode()
    for _ in range(3):
        hit = False
        for entry in os.listdir('/proc'):
            if not entry.isdigit() or int(entry) == me:
                continue
            pid = int(entry)
            try:
                with open('/proc/%d/stat' % pid, 'rb') as f:
                    stat = f.read().rsplit(b')', 1)[1].split()
                if stat[0] in (b'Z', b'X'):
                    continue
                mine = int(stat[3]) == session
                if not mine:
                    with open('/proc/%d/environ' % pid, 'rb') as f:
                        mine = mark in f.read().split(b'\0')
                if mine:
                    os.kill(pid, signal.SIGKILL)
                    hit = True
            except (OSError, ValueError, IndexError):
                continue
        if not hit:
            return
        time.sleep(0.02)


def rss_mb(pid):
    try:
        with open('/proc/%d/statm' % pid) as f:
            return int(f.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') >> 20
    except (OSError, ValueError, IndexError):
        return 0


class Child:
    """One start of the inner runner; feeds on its event file until it ends."""

    def __init__(self, opts, module, skip):
        self.opts = opts
        self.module = module
        self.skip = skip
        self.planned = []
        self.results = {}           # id -> [status, ms, why]
        self.holders = []           # [id, status, why]
        self.current = None
        self.stage = 'start'        # start, M, U, L, E, A
        self.load_error = None      # (stage, why)
        self.skipped = None
        self.killed = None          # why we killed it
        self.rc = None
        self.tail = ''
        self.seconds = 0.0

    def feed(self, line):
        parts = [unescape(p) for p in line.split('\t')]
        kind, rest = parts[0], parts[1:]
        if kind in ('M', 'U', 'L', 'E', 'A'):
            self.stage = kind
        elif kind == 'P' and rest:
            self.planned.append(rest[0])
        elif kind == 'S' and rest:
            self.current = rest[0]
        elif kind == 'R' and len(rest) >= 4:
            try:
                ms = int(rest[2])
            except ValueError:
                ms = 0
            self.results[rest[0]] = [rest[1], ms, rest[3]]
            self.current = None
        elif kind == 'H' and len(rest) >= 3:
            self.holders.append(rest[:3])
        elif kind == 'X' and len(rest) >= 2:
            self.load_error = (rest[0], rest[1])
        elif kind == 'K':
            self.skipped = rest[0] if rest else ''

    def ctypes_test(self, top):
        """'library:stubs' for _inner.py, or None where there is no C compiler or no such library."""
        libraries = glob.glob('/usr/lib/python3.11/lib-dynload/_ctypes_test.*.so')
        stubs = os.path.join(top, 'stubs.so')
        source = 'void PyArg_ParseTuple(void){} void PyList_Append(void){} void PyModuleDef_Init(void){} long _Py_NoneStruct;'
        for compiler in ('cc', 'clang-19', 'gcc'):
            try:
                done = subprocess.run([compiler, '-shared', '-fPIC', '-x', 'c', '-', '-o', stubs], input=source.encode(),
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            except OSError:
                continue
            if done.returncode == 0 and libraries:
                return libraries[0] + ':' + stubs
        return None

    def run(self):
        opts = self.opts
        top = tempfile.mkdtemp(prefix='cf')
        cwd = os.path.join(top, 'w')
        token = uuid.uuid4().hex
        for d in ('w', 'h', 't'):
            os.mkdir(os.path.join(top, d))
        out = os.path.join(top, 'events')
        skipfile = os.path.join(top, 'skip')
        with open(skipfile, 'w', encoding='utf-8', errors='backslashreplace') as f:
            f.write('\n'.join(self.skip))
        open(out, 'wb').close()
        env = {'PATH': opts.path, 'HOME': os.path.join(top, 'h'), 'LANG': 'C.UTF-8',
               'TMPDIR': os.path.join(top, 't'), TOKEN: token, 'TERM': 'dumb',
               'CONFORMANCE_RESOURCES': opts.resources, 'CONFORMANCE_SPLIT': '1'}
        if self.module in MORE_RESOURCES:
            env['CONFORMANCE_RESOURCES'] += ',' + MORE_RESOURCES[self.module]
        if self.module == 'test_ctypes':
            env['CONFORMANCE_CTYPES_TEST'] = self.ctypes_test(top) or ''
        if opts.logs:
            env['CONFORMANCE_LONG'] = '1'
        for pair in opts.env or ():
            k, _, v = pair.partition('=')
            env[k] = v
        logname = os.path.join(top, 'log')
        began = time.monotonic()
        proc = None
        try:
            with open(logname, 'wb') as log:
                try:
                    proc = subprocess.Popen(
                        [opts.interp] + opts.interp_args + [INNER, out, skipfile, 'test.' + self.module],
                        cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                        start_new_session=True)
                except OSError as exc:
                    self.tail = 'cannot start: %s' % exc
                    self.rc = 127
                    return self
            self.watch(proc, out, began)
        finally:
            if proc is not None:
                sweep(token, proc.pid)
                try:
                    self.rc = proc.wait(10)
                except subprocess.TimeoutExpired:
                    self.rc = None
            self.seconds = time.monotonic() - began
            try:
                with open(logname, 'rb') as f:
                    f.seek(0, 2)
                    size = f.tell()
                    f.seek(max(0, size - 600))
                    self.tail = f.read().decode('utf-8', 'replace') or self.tail
                if opts.logs:
                    os.makedirs(opts.logs, exist_ok=True)
                    with open(os.path.join(opts.logs, self.module + '.log'), 'ab') as dst, \
                            open(logname, 'rb') as src:
                        shutil.copyfileobj(src, dst)
            except OSError:
                pass
            shutil.rmtree(top, ignore_errors=True)
            if os.path.isdir(top):      # something unwritable was left in it
                for root, dirs, files in os.walk(top):
                    for d in dirs:
                        try:
                            os.chmod(os.path.join(root, d), 0o700)
                        except OSError:
                            pass
                shutil.rmtree(top, ignore_errors=True)
        return self

    def watch(self, proc, out, began):
        opts = self.opts
        pending = b''
        last = time.monotonic()
        pause = 0.01
        with open(out, 'rb') as events:
            while True:
                ended = proc.poll() is not None
                data = events.read()
                now = time.monotonic()
                if data:
                    last = now
                    pending += data
                    lines = pending.split(b'\n')
                    pending = lines.pop()
                    for line in lines:
                        self.feed(line.decode('utf-8', 'replace'))
                if ended:
                    if not data:
                        return
                    continue
                quiet = now - last
                limit = opts.timeout
                if self.stage in ('E', 'A') or self.skipped is not None or self.load_error:
                    limit = opts.exit_timeout
                if quiet > limit:
                    self.killed = 'no progress for %d s' % limit
                elif now - began > opts.module_timeout:
                    self.killed = 'module ran over %d s' % opts.module_timeout
                elif opts.memory and rss_mb(proc.pid) > opts.memory:
                    self.killed = 'memory over %d MB' % opts.memory
                if self.killed:
                    # Half a second for the kernel to deliver the last write.
                    try:
                        os.killpg(proc.pid, signal.SIGKILL)
                    except OSError:
                        pass
                    proc.wait()
                    pending += events.read()
                    lines = pending.split(b'\n')
                    for line in lines[:-1]:
                        self.feed(line.decode('utf-8', 'replace'))
                    return
                time.sleep(pause)
                pause = min(pause * 1.5, 0.2)
                if data:
                    pause = 0.02


def run_module(opts, module, never=()):
    """Runs all tests of a module but `never`.

    -> {'state': ok|skipped|broken, 'tests': {id: [status, ms, why]}, 'note': str, 'seconds': s, 'starts': n}
    """
    tests = {}
    planned = []
    holders = []
    notes = []
    seconds = 0.0
    starts = 0
    state = 'ok'
    skip = list(never)
    while True:
        child = Child(opts, module, skip).run()
        starts += 1
        seconds += child.seconds
        progress = len(child.results)
        for name in child.planned:
            if name not in tests and name not in planned:
                planned.append(name)
        tests.update(child.results)
        holders.extend(child.holders)
        if child.stage in ('E', 'A') and child.load_error is None:
            if child.rc != 0 and child.stage == 'A' or child.killed:
                notes.append('after the last test: %s' % (child.killed or signal_name(child.rc)))
            elif child.stage == 'E':
                notes.append('died after the last test: %s' % signal_name(child.rc))
            break
        if child.skipped is not None:
            state = 'skipped'
            notes.append(child.skipped)
            break
        if child.load_error is not None and child.current is None:
            # The module could not be imported, or its test_main() raised.
            stage, why = child.load_error
            notes.append('%s: %s' % (stage, why))
            if not tests:
                state = 'broken'
            break
        why = child.killed or signal_name(child.rc)
        if child.current is not None:
            status = 'timeout' if child.killed and not child.killed.startswith('memory') else 'crash'
            tests[child.current] = [status, int(child.seconds * 1000), why]
            progress += 1
        elif child.stage != 'L' or not progress:
            where = {'start': 'the interpreter did not start the inner runner',
                     'M': 'import of unittest or test.support',
                     'U': 'import of the module', 'L': 'between tests'}[child.stage]
            notes.append('%s during %s' % (why, where))
            if child.stage == 'start' and child.tail:
                notes.append(child.tail.strip()[-200:])
            if not tests:
                state = 'broken'
            break
        if child.killed and child.killed.startswith('module'):
            notes.append(child.killed)
            break
        if starts > opts.restarts:
            notes.append('given up after %d starts' % starts)
            break
        skip = list(tests) + list(never)
    for name in never:
        tests.setdefault(name, ['skip', 0, 'not run'])
    # A class or module fixture decides for the tests it kept from running.
    for name in planned:
        if name in tests:
            continue
        status, why = 'notrun', ''
        for hid, hstatus, hwhy in holders:
            inside = hid[hid.find('(') + 1:].rstrip(')')
            inside = inside[len('test.' + module) + 1:] if inside.startswith('test.' + module + '.') else inside
            if hid.startswith(('setUpModule', 'tearDownModule')) or name.startswith(inside + '.'):
                status, why = hstatus, hwhy
                break
        tests[name] = [status, 0, why]
    for hid, hstatus, hwhy in holders:
        if hstatus in ('error', 'fail'):
            tests.setdefault(hid, [hstatus, 0, hwhy])
    return {'state': state, 'seconds': round(seconds, 2), 'starts': starts,
            'note': '; '.join(notes), 'tests': tests}
