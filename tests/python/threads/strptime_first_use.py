# Several threads that call strptime() at once, for the first time: all wait until the module behind it has been imported.
import datetime
import subprocess
import sys
import time

CODE = """
import datetime, sys, threading, time
sys.setswitchinterval(1e-6)
start = threading.Barrier(4)
failures = []
def work(i):
    start.wait()
    try:
        datetime.datetime.strptime('2020', '%Y') if i % 2 else time.strptime('2020', '%Y')
    except BaseException as error:
        failures.append(error)
threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failures)
"""
options = [f"-X{key}={value}" for key, value in sys._xoptions.items()] if sys.implementation.name == "baton" else []
for _ in range(5):
    run = subprocess.run([sys.executable, *options, "-c", CODE], capture_output=True, text=True)
    assert run.stdout == "[]\n", run
print("all waited")
