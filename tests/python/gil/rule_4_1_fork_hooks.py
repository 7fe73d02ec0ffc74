# Rule 4.1: os.register_at_fork: before-hooks run last registered first, the after-hooks first registered first.
# Registering only some of the three, errors, and what a child sees.
import os
import sys

log = []
for n in (1, 2, 3):
    os.register_at_fork(before=lambda n=n: log.append(('before', n)), after_in_parent=lambda n=n: log.append(('parent', n)),
                        after_in_child=lambda n=n: log.append(('child', n)))
os.register_at_fork(after_in_child=lambda: log.append('only child'))
for bad in (lambda: os.register_at_fork(), lambda: os.register_at_fork(before=5), lambda: os.register_at_fork(1)):
    try:
        bad()
    except TypeError as e:
        print(e)
sys.stdout.flush()
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(w, repr(log).encode())
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
print('child: ', os.read(r, 1000).decode())
print('parent:', log)
