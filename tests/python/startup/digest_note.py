# baton-only
# modes: gil=1
# timeout: 300
# Importing hashlib loads libcrypto the first time only, which leaves a note; what is imported is the same with the note and without.
import glob
import os
import shutil
import subprocess
import sys
import tempfile

top = tempfile.mkdtemp()
program = os.path.join(top, 'bin', 'baton')  # a copy has no cache beside it
os.mkdir(os.path.dirname(program))
shutil.copy(sys.executable, program)
cache = os.path.join(top, 'cache')

START = '''
import sys, hashlib, _hashlib
def is_loaded():
    return 'libcrypto' in open('/proc/self/maps').read()
print(is_loaded(), *sorted(hashlib.algorithms_available), *sorted(_hashlib.openssl_md_meth_names))
'''


def run(code, *options, **env):
    p = subprocess.run([program, *options, '-c', START + code], env={'PATH': os.defpath, 'XDG_CACHE_HOME': cache, **env},
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert (p.returncode, p.stderr) == (0, ''), (code, p)
    return p.stdout.split()


def note():
    return glob.glob(cache + '/baton/digests-*')


# not made with -B; made once
first = run('', '-B')
assert first[0] == 'True' and len(first) > 20 and not note()
assert run('') == first
[path] = note()
good = open(path, 'rb').read()
identity = os.stat(path).st_ino
listed = ['False'] + first[1:]
assert run('') == listed
assert os.stat(path).st_ino == identity

# what is asked of an object without a context; each question in a process of its own loads the library, but for those of short
# data that md5 answers without
EMPTY = 'd41d8cd98f00b204e9800998ecf8427e'
for expression, value in [('o.hexdigest()', EMPTY), ('o.digest().hex()', EMPTY), ('o.copy().hexdigest()', EMPTY),
                          ('(o.update(b"a"), o.hexdigest())[1]', '0cc175b9c0f1b6a831c399e269772661'),
                          ('type(o.copy()).__name__', 'HASH')]:
    out = run(f'o = _hashlib.openssl_md5(usedforsecurity=False); print(is_loaded()); print({expression}); print(is_loaded())')
    assert out == listed + ['False', value, 'False'], (expression, out)
for expression, value in [('_hashlib.openssl_sha3_256(usedforsecurity=False).hexdigest()[:8]', 'a7ffc6f8'),
                          ('_hashlib.openssl_sha256(usedforsecurity=False).copy().digest().hex()[:8]', 'e3b0c442'),
                          ('(o.update(b"a" * 65), o.hexdigest())[1]', 'c743a45e0d2e6a95cb859adae0248435'), ('o.name', 'md5'),
                          ('o.digest_size', '16'), ('o.block_size', '64'), ('repr(o)[:27].replace(" ", "_")', '<md5__hashlib.HASH_object_@'),
                          ('_hashlib.hmac_new(b"k", b"m", "md5").hexdigest()', 'ed7e724d3a91554aaa2043041d9c5305'),
                          ('_hashlib.new("md5").name', 'md5'), ('_hashlib.get_fips_mode()', '0'),
                          ('hashlib.pbkdf2_hmac("md5", b"a", b"b", 1, 4).hex()', '39f95c25'),
                          ('hashlib.scrypt(b"a", salt=b"b", n=2, r=1, p=1, dklen=4).hex()', 'da11baad')]:
    out = run(f'o = _hashlib.openssl_md5(usedforsecurity=False); print(is_loaded()); print({expression}); print(is_loaded())')
    assert out == listed + ['False', *value.split(), 'True'], (expression, out)
assert run('''
x = _hashlib.openssl_shake_128(usedforsecurity=False)
print(type(x).__name__, x.digest_size, is_loaded(), x.hexdigest(3), is_loaded())
try:
    x.digest(-1)
except SystemError as e:
    print(e.args[0][:8])
''') == listed + ['HASHXOF', '0', 'False', '7f9c2b', 'True', 'Negative']

# many threads look at once
for options in [], ['-X', 'gil=0']:
    assert run('''
import threading
for _ in range(20):
    o = _hashlib.openssl_sha1(usedforsecurity=False)
    found, barrier = [], threading.Barrier(4)
    def look():
        barrier.wait()
        o.update(b'a')
        found.append(o.name)
    threads = [threading.Thread(target=look) for _ in range(4)]
    for x in threads: x.start()
    for x in threads: x.join()
    assert found == ['sha1'] * 4 and o.digest() == hashlib.sha1(b'aaaa').digest()
''', *options) == listed

# where something else has a say the library is asked
for name in 'OPENSSL_CONF', 'OPENSSL_MODULES', 'LD_LIBRARY_PATH':
    assert run('', **{name: top})[0] == 'True', name
assert subprocess.run([program, '-c', 'import ctypes; ctypes.CDLL("libcrypto.so.3")' + START + 'assert is_loaded()'],
                      env={'PATH': os.defpath, 'XDG_CACHE_HOME': cache}, stdout=subprocess.PIPE).returncode == 0
assert open(path, 'rb').read() == good

# any other note is as none
for content in [b'', good[:-1], good[:60], good.replace(b'sha256', b'sha257'), good + b'x\n', b'x' * 900, good.replace(b'md5', b'm\0d')]:
    with open(path, 'wb') as f:
        f.write(content)
    assert run('') == first
    assert run('') == listed, content
    assert open(path, 'rb').read() == good

# a digest can be made after the root directory has gone
if os.geteuid() == 0:
    assert run(f'''
import os
os.chroot({top!r})
print(hashlib.sha256(b'a').hexdigest()[:8])
''') == listed + ['ca978112']
shutil.rmtree(top)
