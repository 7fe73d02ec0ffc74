# Rule 7.2: atexit callbacks run last first; one that fails is reported and the others run; late ones don't; finalize takes part.
# timeout: 120
from _tools import child

print(child('''
import atexit, weakref
class K: pass
k = K()
atexit.register(print, "first")
weakref.finalize(k, print, "finalize")
atexit.register(print, "last")
'''))
status, out, err = child('''
import atexit
atexit.register(print, "still runs")
@atexit.register
def fails(): raise ValueError("mine")
@atexit.register
def late(): atexit.register(print, "never")
@atexit.register
def takes_out(): atexit.unregister(gone)
def gone(): print("gone")
atexit._run_exitfuncs
''')
print(status, out, err.splitlines()[0].split(' at ')[0].split(' 0x')[0], err.splitlines()[-1])
print(child('import atexit\ndef gone(): print("gone")\natexit.register(gone)\natexit.register(print, 1)\n'
            '@atexit.register\ndef f(): atexit.unregister(gone)\n'))
print(child('import atexit\nn = atexit._ncallbacks()\natexit.register(print, 1)\natexit.register(len)\natexit.unregister(len)\n'
            'print(atexit._ncallbacks() - n)\natexit._run_exitfuncs()\nprint(atexit._ncallbacks())\n'))
