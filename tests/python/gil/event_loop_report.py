# The report tells which callbacks kept an event loop from everything else, how long, and where in the program.
# baton-only
# modes: gil=1,gil=0,stress gil=0
# alone
# timeout: 200
import json
import subprocess
import sys
from _tools import GIL


def report(source, *options):
    with open('program.py', 'w') as f:
        f.write(source)
    p = subprocess.run([sys.executable, '-X', 'gil=%d' % GIL, *options, 'program.py'], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60)
    assert p.returncode == 0, p.stderr.decode()
    return p.stderr.decode()


def accounts(source):
    assert report(source, '-X', 'gil_report=report.json') == ''
    with open('report.json') as f:
        return json.load(f)


BLOCKED = '''
import asyncio, time
async def helper():
    time.sleep(0.3)
    await asyncio.sleep(0.01)
async def blocks():
    await helper()
async def ticks():
    for _ in range(20):
        await asyncio.sleep(0.001)
async def main():
    await asyncio.gather(asyncio.create_task(blocks(), name="the culprit"), ticks())
asyncio.run(main())
'''
found = accounts(BLOCKED)
loops = found['processes'][0]['event_loops']
assert loops['callbacks'] > 20 and loops['slow'] == 1, loops
assert 0.3 <= loops['longest'] <= loops['slow_time'] + 1e-6 and loops['slow_time'] <= loops['busy'] + 1e-6, loops
assert loops['longest_what'] == 'the culprit: blocks' and loops['longest_at'].endswith('program.py:4 helper'), loops
assert 'event loop stood still' in found['verdict'] and 'the culprit' in found['verdict'], found['verdict']

text = report(BLOCKED, '-X', 'gil_report')
assert 'event loop: ' in text and 'longest: ' in text and 'program.py:4 helper' in text, text

# One that computes never leaves the GIL: what is told is where it has got to, in the program and not in the library.
computes = accounts('''
import asyncio, time
async def busy():
    stop = time.monotonic() + 0.2
    while time.monotonic() < stop:
        pass
    await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
async def main():
    await busy()
asyncio.run(main())
''')['processes'][0]['event_loops']
assert computes['slow'] == 1 and computes['longest_what'].endswith(': main'), computes
assert computes['longest_at'].endswith('program.py:7 busy'), computes

# Callbacks that are no tasks; and what an exception ends.
plain = accounts('''
import asyncio, time
class Application:
    def on_timer(self, done):
        time.sleep(0.1)
        done.set_result(None)
async def fails():
    time.sleep(0.06)
    raise KeyError
async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_later(0.01, Application().on_timer, done)
    await done
    await asyncio.gather(fails(), return_exceptions=True)
asyncio.run(main())
''')['processes'][0]['event_loops']
assert plain['slow'] == 2 and plain['longest_what'] == 'Application.on_timer', plain
assert plain['longest_at'].endswith('program.py:5 on_timer'), plain

# A callback that forks: the child's account begins anew, and it ends well.
forks = accounts('''
import asyncio, os, time
async def main():
    pid = os.fork()
    if pid == 0:
        time.sleep(0.06)
        os._exit(0)
    time.sleep(0.06)
    os.waitpid(pid, 0)
asyncio.run(main())
''')
assert sorted(p['event_loops']['slow'] for p in forks['processes']) == [0, 1] and forks['missing_processes'] == 0, forks

# Without a loop, and with one that nothing blocks, there is nothing to tell.
assert 'event loop' not in report('print(1)', '-X', 'gil_report')
quick = accounts('import asyncio\nasyncio.run(asyncio.sleep(0.2))')
assert quick['processes'][0]['event_loops']['slow'] == 0 and 'event loop' not in quick['verdict'], quick
print('ok')
