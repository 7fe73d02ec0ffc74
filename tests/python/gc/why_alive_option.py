# baton-only: -X why_alive=TYPE tells of each full collection what the instances of a type hang on.
# no-stress
import subprocess
import sys

code = '''
import gc
class Thing: pass
def f():
    local = Thing()
    gc.collect()
f()
gc.collect()
'''
options = [name if value is True else f'{name}={value}' for name, value in sys._xoptions.items()]
for name in 'Thing', '__main__.Thing':
    command = [sys.executable, *(word for option in options for word in ('-X', option)), '-X', 'why_alive=' + name, '-c', code]
    said = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr.splitlines()
    assert 'register 0 (local) of f at <string>:6' in said[0], said
    assert said[1].startswith('  Thing at 0x'), said
    assert said[2] == f'why_alive: 1 alive: {name}', said
    assert said[-1] == f'why_alive: 0 alive: {name}', said
