# asyncio's transports: pipes, UNIX sockets and datagrams, flow control, half-close, sendfile, raw sockets, servers that stop.
import asyncio
import os
import socket
import tempfile


class Reader(asyncio.Protocol):
    def __init__(self):
        self.log = []
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.log.append('made')

    def data_received(self, data):
        self.log.append(data)

    def eof_received(self):
        self.log.append('eof')

    def connection_lost(self, exc):
        self.log.append(('lost', exc))
        if not self.done.done():
            self.done.set_result(None)

    def pause_writing(self):
        self.log.append('pause')

    def resume_writing(self):
        self.log.append('resume')


async def pipes():
    loop = asyncio.get_running_loop()
    r, w = os.pipe()
    rt, reader = await loop.connect_read_pipe(Reader, open(r, 'rb', 0))
    wt, writer = await loop.connect_write_pipe(Reader, open(w, 'wb', 0))
    wt.write(b'one')
    await asyncio.sleep(0.01)
    rt.pause_reading()
    wt.write(b'two')
    await asyncio.sleep(0.01)
    print(reader.log, wt.can_write_eof(), wt.get_write_buffer_size())
    rt.resume_reading()
    await asyncio.sleep(0.01)
    wt.write(b'x' * 1_000_000)  # more than a pipe takes
    print(wt.get_write_buffer_size() > 0, wt.is_closing(), 'pause' in writer.log)
    wt.write_eof()
    await asyncio.wait_for(reader.done, 10)
    await asyncio.wait_for(writer.done, 10)
    print(reader.log[:3], sum(len(d) for d in reader.log if isinstance(d, bytes)), reader.log[-2:], writer.log[-2:])
    try:
        await loop.connect_read_pipe(Reader, tempfile.TemporaryFile())
    except ValueError as e:
        print(e)


async def unix():
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 'socket')
        made = []

        def factory():
            made.append(Reader())
            return made[-1]
        server = await loop.create_unix_server(factory, path)
        t, client = await loop.create_unix_connection(Reader, path)
        t.write(b'hello')
        await asyncio.sleep(0.01)
        made[0].transport.write(b'answer')
        t.write_eof()
        await asyncio.wait_for(client.done, 10)
        print(made[0].log, client.log, t.get_extra_info('peername') == path)
        print(os.path.exists(path), len(server.sockets), server.is_serving())
        server.close()
        await server.wait_closed()
        print(server.sockets, server.is_serving())
        for bad in (os.path.join(top, 'none'), path + 'x' * 200):
            try:
                await loop.create_unix_connection(Reader, bad)
            except OSError as e:
                print(type(e).__name__, e.errno)
        # Datagrams over UNIX sockets, and sendfile.
        a, b = os.path.join(top, 'a'), os.path.join(top, 'b')
        got = loop.create_future()

        class Datagrams(asyncio.DatagramProtocol):
            def datagram_received(self, data, addr):
                got.set_result((data, os.path.basename(addr)))
        ta, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=a, family=socket.AF_UNIX)
        tb, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=b, remote_addr=a, family=socket.AF_UNIX)
        tb.sendto(b'datagram')
        print(await asyncio.wait_for(got, 10))
        ta.close()
        tb.abort()
        await asyncio.sleep(0)
        with open(os.path.join(top, 'file'), 'wb') as f:
            f.write(b'0123456789' * 1000)
        s1, s2 = socket.socketpair()
        s1.setblocking(False)
        s2.setblocking(False)
        t, p = await loop.create_connection(Reader, sock=s1)
        with open(os.path.join(top, 'file'), 'rb') as f:
            print(await loop.sendfile(t, f, 5, 9000), f.tell())
        t.close()
        total = b''
        while data := await loop.sock_recv(s2, 4096):
            total += data
        print(len(total), total[:10])
        s2.close()


async def flow():
    server_done = asyncio.Event()

    async def slow(reader, writer):
        total = 0
        while data := await reader.read(65536):
            total += len(data)
            await asyncio.sleep(0)
        writer.write(str(total).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        server_done.set()
    server = await asyncio.start_server(slow, '127.0.0.1', 0, limit=1024)
    reader, writer = await asyncio.open_connection('127.0.0.1', server.sockets[0].getsockname()[1])
    writer.transport.set_write_buffer_limits(high=10_000, low=1_000)
    print(writer.transport.get_write_buffer_limits())
    for _ in range(100):
        writer.write(b'z' * 50_000)
        await writer.drain()
    writer.write_eof()
    print(await reader.read(), reader.at_eof())
    writer.close()
    await server_done.wait()
    server.close()
    try:
        await reader.readuntil(b'')
    except ValueError as e:
        print(e)


async def raw():
    loop = asyncio.get_running_loop()
    with socket.socket() as listener:
        listener.setblocking(False)
        listener.bind(('127.0.0.1', 0))
        listener.listen()
        client = socket.socket()
        client.setblocking(False)
        accepted, _ = await asyncio.gather(loop.sock_accept(listener), loop.sock_connect(client, listener.getsockname()))
        conn, _ = accepted
        await loop.sock_sendall(client, b'raw' * 1000)
        data = bytearray(5000)
        n = 0
        while n < 3000:
            n += await loop.sock_recv_into(conn, memoryview(data)[n:])
        print(n, bytes(data[:6]))
        pending = asyncio.create_task(loop.sock_recv(conn, 10))
        await asyncio.sleep(0)
        pending.cancel()
        try:
            await pending
        except asyncio.CancelledError:
            print('cancelled')
        client.close()
        print(await loop.sock_recv(conn, 10))
        conn.close()
    blocking = socket.socket()
    loop.set_debug(True)
    try:
        await loop.sock_recv(blocking, 1)
    except ValueError as e:
        print(e)
    loop.set_debug(False)
    blocking.close()
    try:
        await asyncio.open_connection('127.0.0.1', 1)
    except OSError as e:
        print(type(e).__name__)


for main in (pipes, unix, flow, raw):
    asyncio.run(main())
