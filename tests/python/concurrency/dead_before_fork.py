# What died before a fork is finalised once, by the parent: not again by the child.
import gc
import os

read_end, write_end = os.pipe()


class Dying:
    def __del__(self):
        os.write(write_end, b"x")


def drop_one():
    dying = Dying()
    dying.myself = [dying.__dict__]


gc.collect()
drop_one()
for _ in range(48):  # a minor collection is near, not due
    [None] * 4000

pid = os.fork()
if pid == 0:
    gc.collect()
    os._exit(0)
os.waitpid(pid, 0)
gc.collect()
print(os.read(read_end, 100))
