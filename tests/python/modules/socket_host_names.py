# Names of hosts that can't be ones: which functions encode them as IDNA says, and what they raise.
import socket


def raised(name, function, *args):
    try:
        print(name, function(*args))
    except Exception as e:
        print(name, type(e).__name__, e)


for host in 'a..b', '.x', 'a' * 64 + '.b', 'x' * 70, 'b.' + 'x' * 64, '\xe9' * 70, 'ab\0c':
    for name in 'gethostbyname', 'gethostbyname_ex', 'gethostbyaddr':
        raised(name, getattr(socket, name), host)
for host in 'a..b', 'x' * 70, '\xe9' * 70:
    raised('getaddrinfo', socket.getaddrinfo, host, 1)
for host in '\xe9' * 70, 'ab\0c', 3:
    with socket.socket() as s:
        raised('connect', s.connect, (host, 1))
        raised('bind', s.bind, (host, 1))
for host in '127.0.0.1', '', 'localhost':
    raised('gethostbyname', socket.gethostbyname, host)
