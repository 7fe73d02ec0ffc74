# socketserver, http.server, http.client and urllib over loopback: a thread a client.
import http.client
import http.server
import socket
import socketserver
import threading
import urllib.error
import urllib.request


class Bracket(socketserver.StreamRequestHandler):
    def handle(self): self.wfile.write(b'<' + self.rfile.readline().strip() + b'>')


with socketserver.ThreadingTCPServer(('127.0.0.1', 0), Bracket) as srv:
    threading.Thread(target=srv.serve_forever, daemon=True).start()
    out = []

    def client(n):
        with socket.create_connection(srv.server_address, timeout=20) as s:
            s.sendall(b'%d\n' % n)
            out.append(s.recv(100))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(sorted(out)[:3], len(out))
    srv.shutdown()


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, body):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('X-Test', 'yes')
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self): self.answer(404 if 'missing' in self.path else 200, ('path %s' % self.path).encode())

    def do_POST(self): self.answer(201, self.rfile.read(int(self.headers['Content-Length']))[::-1])

    def log_message(self, *a): pass


with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Web) as srv:
    threading.Thread(target=srv.serve_forever, daemon=True).start()
    url = 'http://127.0.0.1:%d' % srv.server_address[1]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url + '/x?y=1') as r:
        print(r.status, r.read(), r.headers['X-Test'], r.getcode())
    try:
        opener.open(url + '/missing')
    except urllib.error.HTTPError as e:
        print(e, e.code, e.read())
    with opener.open(url, data=b'abc') as r:
        print(r.status, r.read())
    c = http.client.HTTPConnection('127.0.0.1', srv.server_address[1])
    for n in range(2):
        c.request('GET', '/%d' % n)
        r = c.getresponse()
        print(r.status, r.reason, r.read(), r.version)
    c.close()
    srv.shutdown()
