# Exit statuses, and the last line of stderr.
from _cli import run

for args in (['nope.py'], ['-m', 'nope_nope'], ['-m', 'json.nope'], ['-m', 'nopkg.x'], ['-c', '1/0'], ['-c', 'x ='],
             ['-c', 'import sys; sys.exit(5)'], ['-c', 'raise SystemExit("text")'], ['-c', 'import sys; sys.exit(300)'],
             ['-c', 'import sys; sys.exit(-1)'], ['-c', 'exit()'], ['-c', 'quit(2)'], ['-c', 'import os; os.abort()'],
             ['-c', 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)'], ['-c', 'raise KeyboardInterrupt'],
             ['-c', 'import sys; sys.exit(None)'], ['-c', 'import sys; sys.exit([1])'], ['-c', 'raise SystemExit(True)']):
    status, out, err = run(*args)
    print(args, status, repr(out), err.splitlines()[-1:])
for args in (['-c'], ['-m'], ['--nope'], ['-Z'], ['-W'], ['-X']):
    status, out, err = run(*args)
    print(args, status, err != '')

# Without sys.stderr the text goes to the process's standard error.
for source in 'import sys; sys.stderr = None; sys.exit("text €")', 'import sys; del sys.stderr; sys.exit(["list"])':
    print(run('-c', source))
# An excepthook that exits doesn't while the session goes on (-i).
for args in ['-i', '-q'], ['-I']:
    print(run(*args, '-c', 'import sys\ndef h(*a): raise SystemExit(7)\nsys.excepthook = h\n1/0', stdin=b'print(5)\n'))
