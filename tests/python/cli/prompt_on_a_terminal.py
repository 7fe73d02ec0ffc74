# The interactive prompt on a terminal: editing, history across sessions, completion, blocks, Ctrl-C, Ctrl-D, input().
# baton-only
# modes: gil=1
# timeout: 60
import os
import pty
import re
import select
import signal
import sys
import time

HOME = os.getcwd()


def session(steps, *options):
    """Types each text once what is expected before it has been shown; -> (exit status, all that was shown)."""
    pid, fd = pty.fork()
    if pid == 0:
        env = {'HOME': HOME, 'TERM': 'xterm', 'PATH': os.environ.get('PATH', ''), 'LC_ALL': 'C.UTF-8'}
        os.execve(sys.executable, [sys.executable, '-q', *options], env)
    shown, seen, end = '', 0, time.monotonic() + 20

    def more():
        nonlocal shown
        if not select.select([fd], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(fd, 4096)
        except OSError:
            return False
        shown += data.decode(errors='replace')
        return bool(data)
    for wanted, typed in steps:
        while wanted not in shown[seen:]:
            assert time.monotonic() < end, (wanted, shown)
            assert more(), (wanted, shown)
        seen = shown.index(wanted, seen) + len(wanted)
        os.write(fd, typed.encode())
    while time.monotonic() < end and more():
        pass
    if time.monotonic() >= end:  # not ended: say what it shows instead of waiting for it
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return status, re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', shown)


steps = [
    ('>>> ', 'def twice(x):\r'),
    ('... ', '    return 2 * x\r'),
    ('... ', '\r'),
    ('>>> ', 'twice(21)\r'),
    ('42\r\n>>> ', '\x1b[A\x7f\x7f3)\r'),
    ('46\r\n>>> ', 'import o\ts\r'),
    ('>>> ', 'os.getcw\t()\r'),
    (HOME, ''),
    ('>>> ', 'nonsense'),
    ('nonsense', '\x03'),
    ('KeyboardInterrupt', '"ä\u20ac"\r'),
    ("'ä\u20ac'", 'input("name? ") + "!"\r'),
    ('name? ', 'Bob\r'),
    ("'Bob!'", 'raise SystemExit(3)\r'),
]
status, shown = session(steps)
assert os.waitstatus_to_exitcode(status) == 3, (status, shown)
with open(os.path.join(HOME, '.python_history')) as f:
    lines = f.read().splitlines()
assert lines[:4] == ['def twice(x):', '    return 2 * x', 'twice(21)', 'twice(23)'], lines
assert 'os.getcwd()' in lines and 'nonsense' not in lines, lines

# Another session knows the first one's lines; Ctrl-D ends it.
status, shown = session([('>>> ', '\x1b[A'), ('raise SystemExit(3)', '\x15'), ('', '\x04')])
assert os.waitstatus_to_exitcode(status) == 0, (status, shown)

# A Ctrl-C that comes between two statements, before the prompt waits for a key, isn't left waiting for one. The native `flush` is
# what the prompt calls first: it leaves the signal pending, once.
pending = 'flush=functools.partial(next, map(_thread.interrupt_main, [2]), None)'
setup = 'import sys, types, functools, _thread; out = sys.stdout; '
handled = 'flush=lambda it=iter([2]): [_thread.interrupt_main() for _ in it]'
for flush, options in ((pending, []), (handled, []), (pending, ['-I'])):  # -I: without editing
    status, shown = session([
        ('>>> ', setup + 'sys.stdout = types.SimpleNamespace(write=out.write, ' + flush + ')\r'),
        ('\nKeyboardInterrupt\r\n>>> ', 'sys.stdout = out; "go" + "es on"\r'),
        ("'goes on'\r\n>>> ", '\x04')], *options)  # typed before the prompt, Ctrl-D is the terminal's
    assert os.waitstatus_to_exitcode(status) == 0, (status, shown)

# Keys typed as soon as the output of the statement before shows, whatever state the terminal is in.
status, shown = session([('>>> ', 'print("a" "b")\r')] + 20 * [('ab\r\n', 'xyz\x03'), ('KeyboardInterrupt', 'print("a" "b")\r')] +
                        [('ab\r\n>>> ', '\x04')])
assert os.waitstatus_to_exitcode(status) == 0, (status, shown)
# expect: ok
print('ok')
