"""10 000 connections at once: an asyncio echo server and, in a process of its own, the clients, over loopback.

Every connection is made, echoes one line while all the others are open, and is closed by the client. Reported for each side: the
memory a connection takes (growth of the resident set from before the first connection till all are open), and the time of it all.
Usage: conc_aio_10k.py [connections]
"""
import asyncio
import gc
import resource
import sys
from time import perf_counter

from benchlib import report

AT_ONCE = 250  # connections being made at the same time: the listening socket's queue is limited


def resident_kb():
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmRSS"):
                return int(line.split()[1])


def raise_limit(files):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < files:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
            return
        except (ValueError, OSError):
            raise SystemExit(f"needs {files} descriptors, the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, files), hard))


async def clients(port, n):
    raise_limit(n + 100)
    before = resident_kb()
    gate = asyncio.Semaphore(AT_ONCE)
    open_now = 0
    all_open = asyncio.Event()

    async def client(i):
        nonlocal open_now
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        open_now += 1
        if open_now == n:
            all_open.set()
        await all_open.wait()
        message = b"connection %d\n" % i
        writer.write(message)
        good = await reader.readline() == message
        gone.append(good)
        if len(gone) == n:
            all_done.set()
        await all_done.wait()
        writer.close()
        await writer.wait_closed()
        return good

    gone = []
    all_done = asyncio.Event()
    tasks = [asyncio.create_task(client(i)) for i in range(n)]
    await all_open.wait()
    await all_done.wait()
    gc.collect()
    grown = resident_kb() - before
    good = await asyncio.gather(*tasks)
    print(sum(good), grown / n)


async def serve(n):
    raise_limit(n + 100)
    served = 0
    open_now = most = 0
    grown = 0

    async def handle(reader, writer):
        nonlocal served, open_now, most, grown
        open_now += 1
        most = max(most, open_now)
        if open_now == n:
            gc.collect()
            grown = resident_kb() - before
        while line := await reader.readline():
            writer.write(line)
            await writer.drain()
            served += 1
        writer.close()
        open_now -= 1

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024)
    before = resident_kb()
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, "client", str(n),
                                                   str(server.sockets[0].getsockname()[1]), stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    spent = perf_counter() - began
    while open_now:
        await asyncio.sleep(0.01)
    server.close()
    echoed, client_kb = out.split()
    if not (served == int(echoed) == most == n):
        raise AssertionError(f"{served} served, {int(echoed)} echoed, {most} open at once")
    return spent, grown / n, float(client_kb)


def main():
    if sys.argv[1:2] == ["client"]:
        asyncio.run(clients(int(sys.argv[3]), int(sys.argv[2])))
        return
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    spent, server_kb, client_kb = asyncio.run(serve(n))
    report("conc_aio_10k", [
        ("server_memory_a_connection", server_kb, "KB", "lower"),
        ("client_memory_a_connection", client_kb, "KB", "lower"),
        ("connections_a_second", n / spent, "conn/s", "higher"),
    ])


if __name__ == "__main__":
    main()
