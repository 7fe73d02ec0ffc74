# The heap verifier finds nothing wrong with generators that were resumed while an exception was handled that is dead by now, nor
# with bytes and text whose content looks like addresses in the heap.
# baton-only
# modes: gil=1
# no-stress
import subprocess
import sys

GENERATORS = """
import gc

def numbers():
    while True:
        yield 1

def handler():
    try:
        {}['missing']
    except KeyError:
        next(suspended)
        for _ in finished: pass

suspended, finished = numbers(), (n for n in (1, 2))
for _ in range(30):
    handler()
    gc.collect()
    gc.collect(0)
print(next(suspended))
"""
# 32 KiB from each other, which is where a block of free cells begins or a cell of whatever size.
CONTENTS = """
import gc, struct

first = id(bytearray(1 << 20)) >> 40 << 40
addresses = struct.pack("<31Q", *range(first + (1 << 15), first + (32 << 15), 1 << 15))
text, narrow = addresses.decode("utf-32-le", "surrogatepass"), addresses.decode("latin-1")
gc.collect()
gc.collect(0)
print(len(addresses) // len(narrow))
"""
for code in (GENERATORS, CONTENTS):
    for options in ([], ["-X", "jit_threshold=2"], ["-X", "gil=0"]):
        run = subprocess.run([sys.executable, "-X", "gc_verify", *options, "-c", code], capture_output=True, text=True)
        assert (run.returncode, run.stdout, run.stderr) == (0, "1\n", ""), (options, run)
print("verified")  # expect: verified
