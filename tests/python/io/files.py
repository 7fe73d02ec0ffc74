# Files by path: stat results, directories, links, descriptors and errors of the posix module.
import os, stat, tempfile, errno

base = tempfile.mkdtemp()
path = os.path.join(base, 'file')


def raises(kind, text, f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except kind as e:
        assert text is None or str(e) == text, (str(e), text)
        return e
    raise AssertionError(f'{f} raised nothing')


fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
assert os.write(fd, b'hello world') == 11
assert os.lseek(fd, 6, os.SEEK_SET) == 6
assert os.read(fd, 100) == b'world'
assert os.pread(fd, 5, 0) == b'hello'
assert os.pwrite(fd, b'J', 0) == 1
assert not os.get_inheritable(fd)
os.ftruncate(fd, 5)
st = os.fstat(fd)
assert st.st_size == 5 and stat.S_ISREG(st.st_mode) and st[6] == 5
assert isinstance(st.st_mtime, float) and isinstance(st[8], int) and st.st_mtime_ns // 10**9 == st[8]
os.utime(path, ns=(10**9 + 1, 2 * 10**9 + 2))
assert os.stat(path).st_mtime_ns == 2 * 10**9 + 2 and os.stat(fd).st_atime == 1.000000001
a, b = bytearray(2), bytearray(10)
os.lseek(fd, 0, 0)
assert os.readv(fd, [a, b]) == 5 and a == b'Je' and b[:3] == b'llo'
os.close(fd)
e = raises(OSError, None, os.close, fd)
assert e.errno == errno.EBADF

os.symlink('file', os.path.join(base, 'link'))
assert os.readlink(os.path.join(base, 'link')) == 'file'
assert os.readlink(os.fsencode(os.path.join(base, 'link'))) == b'file'
assert stat.S_ISLNK(os.lstat(os.path.join(base, 'link')).st_mode)
os.mkdir(os.path.join(base, 'dir'))
assert sorted(os.listdir(base)) == ['dir', 'file', 'link']
assert sorted(os.listdir(os.fsencode(base))) == [b'dir', b'file', b'link']
kinds = {}
with os.scandir(base) as entries:
    for entry in entries:
        kinds[entry.name] = (entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.inode() == os.lstat(entry.path).st_ino)
        assert os.fspath(entry) == os.path.join(base, entry.name)
assert kinds == {'dir': (True, False, False, True), 'file': (False, True, False, True), 'link': (False, True, True, True)}
dir_fd = os.open(base, os.O_RDONLY)
assert os.stat('file', dir_fd=dir_fd).st_size == 5
assert sorted(os.listdir(dir_fd)) == ['dir', 'file', 'link']
os.rename('file', 'moved', src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
os.close(dir_fd)

# Names that are not UTF-8 come and go as surrogates.
odd = os.path.join(os.fsencode(base), b'\xff\xfe')
open(odd, 'w').close()
assert '\udcff\udcfe' in os.listdir(base)
os.unlink(os.fsdecode(odd))

e = raises(FileNotFoundError, None, os.rename, os.path.join(base, 'a'), os.path.join(base, 'b'))
assert e.filename.endswith('/a') and e.filename2.endswith('/b')
raises(TypeError, 'stat: path should be string, bytes, os.PathLike or integer, not list', os.stat, [])
raises(TypeError, 'lstat: path should be string, bytes or os.PathLike, not int', os.lstat, 3)
raises(TypeError, 'listdir: path should be string, bytes, os.PathLike, integer or None, not float', os.listdir, 1.0)
raises(ValueError, 'embedded null byte', os.stat, 'a\0')
raises(ValueError, 'stat: cannot use fd and follow_symlinks together', os.stat, 1, follow_symlinks=False)
raises(TypeError, 'expected str, bytes or os.PathLike object, not int', os.fspath, 3)
raises(ValueError, 'execv() arg 2 must not be empty', os.execv, '/bin/x', [])
raises(TypeError, 'At least one argument is required.', os.register_at_fork)

os.unlink(os.path.join(base, 'moved'))
os.unlink(os.path.join(base, 'link'))
os.rmdir(os.path.join(base, 'dir'))
os.rmdir(base)
print('ok')
