"""Source that can't be decoded, errors of text over several lines, modules with undecodable names, what sys and builtins keep."""
import os
import subprocess
import sys

FILES = {
    'unknown': b'#coding: nosuch\nprint(1)\n', 'declared': b'#coding: utf8\nx="\xff"\n', 'plain': b'x="\xff"\n', 'later': b'y=1\n#\xff\n',
    'ascii': b'#coding: ascii\nx="\xff"\n', 'mark': b'\xef\xbb\xbf#coding: utf8\nx=1', 'mark too': b'\xef\xbb\xbf#coding: latin1\nx=1',
    'japanese': b'#coding: euc_jp\n"\xff"', 'fine': b'#coding: latin1\nprint(ascii("\xe9"))\n',
    'lines': b'foo = f"""{}\nfoo"""\n', 'more lines': b'def f():\n  x = f"""{\n  \n}\n  abc"""',
}
for name, source in FILES.items():
    with open('program.py', 'wb') as f:
        f.write(source)
    done = subprocess.run([sys.executable, 'program.py'], capture_output=True, text=True)
    print(name, done.returncode, done.stdout, done.stderr.replace(os.getcwd() + os.sep, ''))
    for run in (lambda: compile(source, 'f', 'exec'), lambda: exec(source), lambda: __import__('ast').parse(source)):
        try:
            run()
        except SyntaxError as e:
            print(ascii(e.args))

name = os.fsdecode(b'module-\xff')
with open(name + '.py', 'w') as f:
    f.write('x = 5\n')
sys.path.insert(0, os.getcwd())
print(__import__(name).x)

KEPT = '''
import builtins, sys
class C:
    def __del__(self):
        print('before')
        len(())
        print('after')
c = C()
here = builtins.here = sys.here = sys.modules[__name__]
'''
done = subprocess.run([sys.executable, '-c', KEPT], capture_output=True, text=True)
print(done.stdout, done.stderr)
