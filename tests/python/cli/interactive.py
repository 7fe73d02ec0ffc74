# The interactive loop (-i, and in a terminal): expressions are shown, errors do not end it, blocks, _, exit, PYTHONSTARTUP.
import os
import pty
import re
import select
import sys
import time
from _cli import run, write


def session(*args, stdin='', **kw):
    return run('-i', '-q', *args, stdin=stdin.encode(), **kw)


status, out, err = session(stdin='1 + 1\n"text"\nNone\nx = 5\nx\n_ * 2\nfor i in range(2):\n    i\n\ndef f():\n'
     '    return 7\n\nf()\n')
print(status, out, err.count('>>> '), err.count('... '))
status, out, err = session(stdin='1/0\nx =\nprint("after")\nif 1:\nfoo\n\nundefined\n[1,\n2]\n"""a\nb"""\n')
print(status, out, [line for line in err.replace('>>> ', '').replace('... ', '').splitlines() if 'Error' in line])
status, out, err = session(stdin='# a comment\n1 +\n\\\n3\nx = 1 + \\\n2\nx\nimport\nif 1:\n# inside\n  print(6)\n\nlambda\n'
     'for i in (1,\n2):\n  i\n\n')
print(status, out, err)
status, out, err = session('-c', 'y = 10; print("ran")', stdin='y + 1\nexit(4)\n')
print(status, out)
write('s.py', 'z = 3\n1/0\n')
status, out, err = session('s.py', stdin='z\nimport sys\nsys.last_type.__name__\n')
print(status, out, 'ZeroDivisionError' in err)
write('startup.py', 'from_startup = 1\nprint("startup")\n')
print(session(stdin='from_startup\n', env={'PYTHONSTARTUP': 'startup.py'})[1])
status, out, err = session(stdin='import sys\nsys.ps1 = "$ "\n1\nsys.displayhook = lambda v: print("shown", v)\n2\n')
print(out, err.count('$ '))
print(session(stdin='raise SystemExit(3)\n')[0])
status, out, err = session(stdin='def g():\n  raise ValueError("from g")\n\ng()\nclass K: pass\n\nK.__name__\n')
print(out, 'ValueError: from g' in err, 'line 1, in <module>' in err)


def terminal(steps):
    """Talks to the loop in a terminal: waits for a pattern, then sends. -> exit status"""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ['TERM'] = 'dumb'
        os.execv(sys.executable, [sys.executable, '-q', '-I'])
    seen = b''
    try:
        for wanted, send in steps:
            stop = time.monotonic() + 20
            while not re.search(wanted, seen.replace(b'\r', b'')):
                ready, _, _ = select.select([fd], [], [], max(0, stop - time.monotonic()))
                assert ready, 'no %r in %r' % (wanted, seen)
                seen += os.read(fd, 10000)
            seen = b''
            os.write(fd, send)
        while True:
            try:
                if not os.read(fd, 10000):
                    break
            except OSError:
                break
    finally:
        os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


print(terminal([(rb'>>> $', b'6 * 7\n'), (rb'42\n>>> $', b'import time; print("g" + "o"); time.sleep(30)\n'), (rb'go\n', b'\x03'),
                (rb'KeyboardInterrupt\n>>> $', b'print("x" * 3)\n'), (rb'xxx\n>>> $', b'\x04')]))
# PYTHONINSPECT without -i asks on terminals only, also when the program has set it.
print(run('-c', 'x = 1', env={'PYTHONINSPECT': '1'}))
print(run('-c', 'import os; os.environ["PYTHONINSPECT"] = "1"'))

# Errors are those of the first wrong token: what follows it on the line, or would follow it, isn't looked at.
for line in ['f(1 2))', 'def f=self):', 'x = [5', 'f(str(5)\nprint(1)', 'f(a b', ': a.):', 'f(5 6, """', 'x = (1, = 2))', 'f(a, b\n"']:
    print(line, session(stdin=line + '\n3\n')[1:])
# What only the compiler finds is told when the statement is complete. Comments and blanks don't end a block.
for line in ['if 1:\n  break\n  x\n\n', 'def f():\n  nonlocal x\n  y\n\n', 'while 1:\n  pass\n  if x:\n    return\n\n', 'if 1: x=1\n# c\n\nx\n',
             'if not 1: return 3\n# c\n  \n\n', 'if 1:\n  x = """a\n\n  # """\n\n\nx\n', 'if 1:\n  3\n   \n  4\n\n5\n', 'if 1:\n  3\n  # x',
             '@a\n\n3\n', 'while x:\n\n', 'class A:\n  @a\n\n3\n', 'if 1:\n  with a:\n\n3\n']:
    print(line, session(stdin=line)[1:])
