# A dropped text file is finalised before its buffer, and that before its descriptor, even if collections come while the first
# finaliser runs (the stress modes): one warning a file, and what was written is there.
# stress
import gc
import os
import tempfile
import warnings

directory = tempfile.mkdtemp()


def drop(n):
    for i in range(n):
        open(os.path.join(directory, str(i)), 'w').write('dropped %d' % i)


def show(message, category, filename, lineno, file=None, line=None):
    for _ in range(20):  # something to collect
        [[] for _ in range(100)]
    seen.append(str(message).split('/')[0])


with warnings.catch_warnings():
    warnings.simplefilter('always')
    gc.collect()
    warnings.showwarning = show
    seen = []
    drop(8)
    gc.collect()
    gc.collect()
    assert seen == ["unclosed file <_io.TextIOWrapper name='"] * 8, seen
for i in range(8):
    with open(os.path.join(directory, str(i))) as f:
        assert f.read() == 'dropped %d' % i
    os.remove(os.path.join(directory, str(i)))
os.rmdir(directory)
print('ok')
