# Threads that share a StringIO or a BytesIO: each write is there, whole, whatever another thread writes, reads, cuts or closes.
# timeout: 120
import io

from _together import together

ROUNDS = 4000


def lines_of(i, make):
    return [make('%d %d %s\n' % (i, n, 'x' * (n % 23))) for n in range(ROUNDS)]


wide = {0: 'x', 1: 'é', 2: '\u2026', 3: '\U0001f40d'}
for file, make in (io.StringIO(), str), (io.BytesIO(), str.encode), (io.StringIO(newline=None), str):
    mine = [lines_of(i, make) for i in range(4)]
    if make is str:  # characters of every width: the storage changes its form
        mine = [[line.replace('x', wide[i]) if n > ROUNDS // 2 else line for n, line in enumerate(mine[i])] for i in range(4)]

    def write(i):
        for line in mine[i]:
            file.write(line)
    together(*[lambda i=i: write(i) for i in range(4)])
    assert sorted(file.getvalue().splitlines(True)) == sorted(sum(mine, []))
    # And read again by several, each line once.
    file.seek(0)
    seen = [[], [], []]
    together(*[lambda out=out: out.extend(iter(file.readline, make(''))) for out in seen])
    assert sorted(sum(seen, [])) == sorted(sum(mine, []))

# Nothing breaks when the file is cut or closed meanwhile.
for kind, make in (io.StringIO, str), (io.BytesIO, str.encode):
    for _ in range(30):
        file = kind()

        def write():
            try:
                for n in range(300):
                    file.write(make('x' * (n * 7 % 500)))
            except ValueError:  # closed
                pass

        def cut():
            for n in range(300):
                file.seek(n % 90)
                file.truncate(n % 100)
            file.close()

        def read():
            try:
                for n in range(300):
                    file.seek(0)
                    assert not set(file.read()) - set(make('x\0')), 'rubbish'
                    file.getvalue()
            except ValueError:
                pass
        together(write, cut, read)
        assert file.closed
print('ok')
