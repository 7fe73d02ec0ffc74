# Services and protocols are looked up by several threads, each of which gets its own answer (python3.11's share the C library's
# memory, and get another's at times).
# baton-only
import socket
import threading

wanted = [(socket.getservbyname, ('http', 'tcp'), 80), (socket.getservbyname, ('domain', 'udp'), 53),
          (socket.getservbyport, (22, 'tcp'), 'ssh'), (socket.getservbyport, (25, 'tcp'), 'smtp'),
          (socket.getprotobyname, ('udp',), 17), (socket.getprotobyname, ('tcp',), 6)]
try:
    wanted[0][0](*wanted[0][1])
except OSError:  # a machine without /etc/services: protocols only, if those
    wanted = []
wrong = []


def look_up(first):
    for i in range(300):
        function, arguments, answer = wanted[(first + i) % len(wanted)]
        if function(*arguments) != answer:
            wrong.append(arguments)


threads = [threading.Thread(target=look_up, args=(i,)) for i in range(3)] if wanted else []
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not wrong, wrong
for call, text in (("socket.getservbyname('no such')", 'service/proto not found'),
                   ("socket.getservbyport(1, 'no such')", 'port/proto not found'),
                   ("socket.getprotobyname('no such')", 'protocol not found')):
    try:
        eval(call)
    except OSError as error:
        assert str(error) == text, error
    else:
        raise AssertionError(call)
