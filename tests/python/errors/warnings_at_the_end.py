"""What the end of a program finds left over is warned of as CPython does: unclosed files and sockets, coroutines never awaited."""
import subprocess
import sys

PROGRAMS = {
    'file': 'f = open("/dev/null")',
    'socket': 'import socket; s = socket.socket(fileno=socket.socket().detach())',
    'file in a class': 'class A: f = open("/dev/null", "rb", 0)',
    'coroutine': 'async def never(): pass\nclass A: pass\na = A(); a.me = a; a.c = never()\ndel a',
}
for name, text in PROGRAMS.items():
    done = subprocess.run([sys.executable, '-W', 'always', '-c', text], capture_output=True, text=True)
    print(name, done.returncode, repr(done.stdout), [line for line in done.stderr.splitlines() if 'tracemalloc' not in line])

# After -c the prompt greets nobody.
done = subprocess.run([sys.executable, '-i', '-c', 'print(1)'], input='2 + 3\n', capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
