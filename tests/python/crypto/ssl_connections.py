# _ssl: handshakes over sockets and MemoryBIOs, callbacks that run Python in the middle of one, both directions at once, timeouts,
# signals during a read, sessions, certificates.
# timeout: 120
import builtins
import os
import re
import signal
import socket
import ssl
import threading
import time
import warnings

import test


def print(*args):
    """Without the line of _ssl.c, which differs among Debian's updates of CPython."""
    builtins.print(re.sub(r'_ssl\.c:\d+', '_ssl.c', ' '.join(map(str, args))))


HERE = os.path.dirname(test.__file__)
CERT = os.path.join(HERE, 'keycert3.pem')
OTHER = os.path.join(HERE, 'keycert4.pem')
LOCKED = os.path.join(HERE, 'keycert.passwd.pem')
CA = os.path.join(HERE, 'pycacert.pem')
warnings.simplefilter('ignore')


def contexts(protocols=None, ca=True):
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca:
        client.load_verify_locations(CA)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERT)
    if protocols:
        client.set_alpn_protocols(protocols)
        server.set_alpn_protocols(protocols)
    return client, server


def pair(client_context, server_context, name='localhost', session=None):
    """Two connected sockets; or the two exceptions."""
    a, b = socket.socketpair()
    box = {}

    def serve():
        try:
            box['server'] = server_context.wrap_socket(b, server_side=True)
        except (OSError, ValueError) as e:
            box['server'] = e
            b.close()
    t = threading.Thread(target=serve)
    t.start()
    try:
        box['client'] = client_context.wrap_socket(a, server_hostname=name, session=session)
    except (OSError, ValueError) as e:
        box['client'] = e
        a.close()
    t.join()
    return box['client'], box['server']


# --- a plain conversation
client, server = contexts(['http/1.1', 'spdy'])
c, s = pair(client, server)
print(c.version(), c.cipher() == s.cipher(), c.selected_alpn_protocol(), s.selected_alpn_protocol(), s.server_hostname)
cert = c.getpeercert()
print(sorted(cert), cert['subject'], cert['subjectAltName'])
print(len(c.getpeercert(True)), s.getpeercert(), [type(x).__name__ for x in c._sslobj.get_verified_chain()],
      c._sslobj.get_unverified_chain()[0])
c.sendall(b'hello')
print(s.recv(100))
buffer = bytearray(10)
s.sendall(b'hello back')
print(c.recv_into(buffer, 4), buffer[:4], c.pending(), c.recv(100))


# --- both directions at once
def feed(sock, data):
    sock.sendall(data)


def drain(sock, n, box):
    got = b''
    while len(got) < n:
        got += sock.recv(65536)
    box.append(got)


data, boxes = os.urandom(3_000_000), ([], [])
threads = [threading.Thread(target=feed, args=(c, data)), threading.Thread(target=feed, args=(s, data)),
           threading.Thread(target=drain, args=(c, len(data), boxes[0])),
           threading.Thread(target=drain, args=(s, len(data), boxes[1]))]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(boxes[0] == boxes[1] == [data])

# --- timeouts, no waiting, signals
c.settimeout(0.05)
try:
    c.recv(1)
except TimeoutError as e:
    print('timeout', e)
c.settimeout(0)
try:
    c.recv(1)
except ssl.SSLWantReadError as e:
    print('want', e.args)
c.settimeout(None)
if hasattr(signal, 'setitimer'):
    hits = []
    signal.signal(signal.SIGALRM, lambda *a: hits.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    threading.Timer(0.2, s.sendall, (b'late',)).start()
    print(c.recv(10), hits)

    def fail(*a):
        raise KeyError('from the handler')
    signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        c.recv(10)
    except KeyError as e:
        print('handler', e)

# --- the end
t = threading.Thread(target=lambda: s.unwrap().close())
t.start()
print(c.recv(10), c.unwrap().fileno() >= 0)
t.join()

# --- what goes wrong
strict, _ = contexts(ca=False)
for result in pair(strict, server) + pair(client, server, 'example.org') + pair(client, server, '10.0.0.1'):
    print(type(result).__name__, result, getattr(result, 'reason', None), getattr(result, 'verify_code', None),
          getattr(result, 'verify_message', None))

# --- server names
seen = []
leaf = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
leaf.load_cert_chain(OTHER)


def choose(sock, name, context):
    seen.append((type(sock).__name__, name, context is server, sock.server_side, sock.version(), sock.context is server))
    sock.context = leaf


server.sni_callback = choose
client.check_hostname = False
c, s = pair(client, server, 'fakehostname')
print(seen, c.getpeercert()['subject'][-1], s.context is leaf)
server.sni_callback = lambda *a: ssl.ALERT_DESCRIPTION_ACCESS_DENIED
for result in pair(client, server):
    print(type(result).__name__, result)
server.sni_callback = None

# --- messages, with an exception in the callback
log = []
client._msg_callback = lambda conn, direction, version, kind, message, data: log.append((direction, kind.name))
c, s = pair(client, server)
print(log[:2], len(log) > 5)


def refuse(*args):
    raise LookupError('refused')


client._msg_callback = refuse
a, b = ssl.MemoryBIO(), ssl.MemoryBIO()
o = client.wrap_bio(a, b, server_hostname='localhost')
try:
    o.do_handshake()
except ssl.SSLWantReadError as e:
    print('want', repr(e.__context__))
client._msg_callback = None

# --- secrets
client.keylog_filename = 'secrets.log'
c, s = pair(client, server)
with open('secrets.log') as f:
    lines = f.read().splitlines()
print(lines[0], sorted({line.split()[0] for line in lines[1:]}), os.path.basename(client.keylog_filename))
client.keylog_filename = None

# --- sessions
client, server = contexts()
client.maximum_version = ssl.TLSVersion.TLSv1_2
c, s = pair(client, server)
session = c.session
c2, s2 = pair(client, server, session=session)
print(c.session_reused, c2.session_reused, session == c2.session, session.has_ticket, session.timeout, len(session.id))
print(len(c2.get_channel_binding()), c2.get_channel_binding() == s2.get_channel_binding())

# --- passwords
k = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
k.load_cert_chain(LOCKED, password='somepass')
k.load_cert_chain(LOCKED, password=bytearray(b'somepass'))
k.load_cert_chain(LOCKED, password=lambda: [time.sleep(0), b'somepass'][1])
for password in ('wrong', lambda: 'x' * 2000, lambda: 3, refuse):
    try:
        k.load_cert_chain(LOCKED, password=password)
    except (ssl.SSLError, ValueError, TypeError, LookupError) as e:
        print(type(e).__name__, e)
print(k.cert_store_stats(), client.cert_store_stats(), client.get_ca_certs()[0]['issuer'][0])

# --- over memory, without any socket
client, server = contexts()
ci, co, si, so = (ssl.MemoryBIO() for _ in range(4))
c = client.wrap_bio(ci, co, server_hostname='localhost')
s = server.wrap_bio(si, so, server_side=True)
done = 0
while done < 2:
    done = 0
    for o, out, into in ((c, co, si), (s, so, ci)):
        try:
            o.do_handshake()
            done += 1
        except ssl.SSLWantReadError:
            pass
        into.write(out.read())
c.write(b'x' * 50000)
si.write(co.read())
got = b''
while len(got) < 50000:
    got += s.read(100000)
print(got == b'x' * 50000, c.version())
si.write_eof()
try:
    print(s.read(1))
except ssl.SSLError as e:
    print(type(e).__name__, e)
