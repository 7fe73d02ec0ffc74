# asyncio's subprocesses under each child watcher of 3.11: exit codes, output, signals, many at once, processes of other threads.
# timeout: 120
import asyncio
import os
import signal
import sys
import threading
import warnings

warnings.simplefilter('ignore', DeprecationWarning)
PIPE = asyncio.subprocess.PIPE


async def use(label):
    loop = asyncio.get_running_loop()
    watcher = asyncio.get_child_watcher()
    if isinstance(watcher, (asyncio.SafeChildWatcher, asyncio.FastChildWatcher)):
        watcher.attach_loop(loop)
    p = await asyncio.create_subprocess_exec('cat', stdin=PIPE, stdout=PIPE)
    print(label, await p.communicate(b'text'), p.returncode)
    # MultiLoopChildWatcher reports 255 if its SIGCHLD handler runs between its own waitpid() and what it does with the answer:
    # with it processes end one after the other, when they are told to.
    torn = isinstance(watcher, asyncio.MultiLoopChildWatcher)
    p = await asyncio.create_subprocess_shell('read line; exit 7' if torn else 'exit 7', stdin=PIPE)
    if torn:
        p.stdin.close()
    print(label, await p.wait())
    p = await asyncio.create_subprocess_exec('sleep', '30')
    p.send_signal(signal.SIGTERM)
    print(label, await asyncio.wait_for(p.wait(), 20))
    command = 'read line; exit %d' if torn else 'exit %d'
    several = await asyncio.gather(*[asyncio.create_subprocess_shell(command % n, stdin=PIPE) for n in range(5)])
    if torn:
        codes = []
        for p in several:
            p.stdin.close()
            codes.append(await p.wait())
    else:
        codes = await asyncio.gather(*[p.wait() for p in several])
    print(label, codes)
    p = await asyncio.create_subprocess_shell('while read l; do echo "<$l>"; done', stdin=PIPE, stdout=PIPE)
    for line in (b'one\n', b'two\n'):
        p.stdin.write(line)
        await p.stdin.drain()
        print(label, await p.stdout.readline())
    p.stdin.close()
    print(label, await p.wait(), await p.stdout.read())
    try:
        await asyncio.create_subprocess_exec('/nonexistent/program')
    except FileNotFoundError as e:
        print(label, e.errno, e.filename)
    p = await asyncio.create_subprocess_exec('sleep', '30')
    try:
        await asyncio.wait_for(p.wait(), 0.05)
    except TimeoutError:
        p.kill()
        print(label, 'timeout', await p.wait())
    if isinstance(watcher, (asyncio.SafeChildWatcher, asyncio.FastChildWatcher)):
        watcher.attach_loop(None)


names = ['ThreadedChildWatcher', 'SafeChildWatcher', 'FastChildWatcher', 'MultiLoopChildWatcher']
try:
    os.close(os.pidfd_open(os.getpid()))
except OSError:
    pass
else:
    names.append('PidfdChildWatcher')
for name in names:
    watcher = getattr(asyncio, name)()
    asyncio.set_child_watcher(watcher)
    asyncio.run(use(name))
    watcher.close()
asyncio.set_child_watcher(asyncio.ThreadedChildWatcher())

# A loop in another thread has processes too.
out = []


async def in_thread():
    p = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print("from child"); raise SystemExit(4)', stdout=PIPE)
    out.append((await p.communicate(), p.returncode))

t = threading.Thread(target=lambda: asyncio.run(in_thread()))
t.start()
t.join()
print(out)
