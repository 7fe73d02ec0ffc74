# The heap verifier finds nothing wrong with generators that were resumed while an exception was handled that is dead by now.
# baton-only
# modes: gil=1
# no-stress
import subprocess
import sys

CODE = """
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
for options in ([], ["-X", "jit_threshold=2"], ["-X", "gil=0"]):
    run = subprocess.run([sys.executable, "-X", "gc_verify", *options, "-c", CODE], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "1\n", ""), (options, run)
print("verified")  # expect: verified
