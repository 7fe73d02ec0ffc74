# asyncio: streams over TCP and Unix sockets, datagrams, subprocesses, executors, readers, signals.
import asyncio
import os
import signal
import sys
import tempfile


async def tcp():
    async def echo(reader, writer):
        while data := await reader.readline():
            writer.write(b'echo ' + data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]

    async def client(n):
        r, w = await asyncio.open_connection('127.0.0.1', port)
        out = []
        for i in range(3):
            w.write(b'%d-%d\n' % (n, i))
            await w.drain()
            out.append(await r.readline())
        w.close()
        await w.wait_closed()
        return out

    results = await asyncio.gather(*[client(n) for n in range(20)])
    assert results == [[b'echo %d-%d\n' % (n, i) for i in range(3)] for n in range(20)]
    r, w = await asyncio.open_connection('127.0.0.1', port)
    big = b'x' * 60000 + b'\n'
    w.write(big)
    assert await r.readline() == b'echo ' + big
    w.close()
    server.close()
    await server.wait_closed()
    try:
        await asyncio.open_connection('127.0.0.1', port)
    except OSError as e:
        print(type(e).__name__)


async def stream_reader():
    reader = asyncio.StreamReader()
    reader.feed_data(b'abc|def')
    reader.feed_eof()
    print(await reader.readuntil(b'|'), await reader.readexactly(2), await reader.read(), reader.at_eof())
    limited = asyncio.StreamReader(limit=10)
    limited.feed_data(b'x' * 50 + b'\n')
    try:
        await limited.readline()
    except ValueError as e:
        print(e)
    short = asyncio.StreamReader()
    short.feed_data(b'x')
    short.feed_eof()
    try:
        await short.readexactly(5)
    except asyncio.IncompleteReadError as e:
        print(e, e.partial)


async def unix_and_udp():
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 's')
        server = await asyncio.start_unix_server(lambda r, w: (w.write(b'unix'), w.close()), path)
        r, w = await asyncio.open_unix_connection(path)
        print(await r.read())
        w.close()
        server.close()
    loop = asyncio.get_running_loop()
    got = loop.create_future()

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data, addr): got.set_result(data)

    t, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=('127.0.0.1', 0))
    u, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=t.get_extra_info('sockname'))
    u.sendto(b'datagram')
    print(await asyncio.wait_for(got, 10))
    t.close(), u.close()


async def processes():
    pipe = asyncio.subprocess.PIPE
    p = await asyncio.create_subprocess_exec('cat', stdin=pipe, stdout=pipe)
    print(await p.communicate(b'through cat'), p.returncode)
    p = await asyncio.create_subprocess_shell('echo out; echo err >&2; exit 3', stdout=pipe, stderr=pipe)
    print(await p.communicate(), p.returncode)
    p = await asyncio.create_subprocess_exec('sleep', '10')
    p.kill()
    print(await p.wait())
    several = [await asyncio.create_subprocess_exec(sys.executable, '-c', 'import sys; sys.exit(%d)' % n) for n in range(3)]
    print([await p.wait() for p in several])


async def loop_things():
    loop = asyncio.get_running_loop()
    r, w = os.pipe()
    got = loop.create_future()
    loop.add_reader(r, lambda: got.done() or got.set_result(os.read(r, 10)))
    os.write(w, b'ready')
    print(await got, loop.remove_reader(r), loop.remove_reader(r))
    hit = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, hit.set_result, 'signal')
    os.kill(os.getpid(), signal.SIGUSR1)
    print(await asyncio.wait_for(hit, 10), loop.remove_signal_handler(signal.SIGUSR1))
    print(await loop.run_in_executor(None, pow, 2, 10), await asyncio.to_thread(sum, [1, 2]))
    print(await loop.getaddrinfo('127.0.0.1', 80) != [], loop.is_running(), loop.is_closed())


for main in (tcp, stream_reader, unix_and_udp, processes, loop_things):
    asyncio.run(main())
