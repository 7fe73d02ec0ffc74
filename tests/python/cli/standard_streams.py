# Standard input, output and error: reading, prompts, encodings, closed and full streams, a reader that goes away.
import os
import subprocess
import sys
from _cli import run

print(run('-c', 'import sys; print(repr(sys.stdin.read()))', stdin=b'some\ninput'))
print(run('-c', 'print(input("prompt> "), input())', stdin=b'l1\nl2\n'))
print(run('-c', 'input()')[2].splitlines()[-1:])
print(run('-', stdin=b'print("program from stdin")\nimport sys\nprint(sys.argv)'))
print(run(stdin=b'x = 1\nprint(x'))
print(run('-c', 'import sys; sys.stdout.write("no newline"); sys.stderr.write("e")'))
print(run('-c', 'import sys; print(sys.stdin.encoding, sys.stdout.errors, sys.stderr.errors, sys.stdout.isatty())'))
print(run('-c', 'import sys; sys.stdout.buffer.write(b"raw\\n"); print("text")'))
print(run('-c',
        'import sys; sys.stdout.reconfigure(encoding="latin-1"); sys.stdout.buffer.write("é".encode("latin-1").hex().encode())'))
print(run('-u', '-c', 'import os; print("a", end=""); os._exit(0)'))
print(subprocess.run('%s -c "print(1)" | head -c 0; exit 0' % sys.executable, shell=True, stderr=subprocess.PIPE).returncode)
p = subprocess.run([sys.executable, '-c', 'for i in range(100000): print(i)'], stdout=subprocess.PIPE)
print(p.returncode, len(p.stdout), p.stdout[-7:])
p = subprocess.run([sys.executable, '-c', 'import sys; print(sys.stdin, file=sys.stderr)'], stderr=subprocess.PIPE,
                   preexec_fn=lambda: os.close(0))
print(p.returncode, p.stderr)
with open('/dev/full', 'w') as full:
    for program in ('print("x")', 'print("x"); import sys; sys.exit(3)', 'print("x"); 1 / 0'):
        p = subprocess.run([sys.executable, '-c', program], stdout=full, stderr=subprocess.PIPE)
        print(p.returncode, p.stderr.decode().splitlines())
    p = subprocess.run([sys.executable, '-c', 'import sys; sys.stderr.write("no newline"); print("x")'], stdout=subprocess.PIPE,
                       stderr=full)
    print(p.returncode, p.stdout)
