# Rule 7.3: after the callbacks the streams are flushed, then modules go, and what dies with them may still print.
# timeout: 120
from _tools import child

print(child('import sys, atexit\nsys.stdout.write("no newline")\natexit.register(sys.stdout.write, ", nor here")'))
print(child('import sys\nsys.stderr.write("e")\nsys.stdout.write("o")'))
print(child('''
import sys
class D:
    def __init__(self, n): self.n = n
    def __del__(self): print("del", self.n, sys is not None)
d = D(1)
'''))
print(child('f = open("left.txt", "w")\nf.write("kept")\nimport atexit\natexit.register(lambda: 0)') [0], open('left.txt').read())
