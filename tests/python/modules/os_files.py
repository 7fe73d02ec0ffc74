# os, os.path, pathlib, shutil, tempfile, glob, stat: files and directories in a fresh directory; environment; processes.
import glob
import os
import pathlib
import shutil
import stat
import tempfile

os.makedirs('d/e/f')
os.makedirs('d/e/f', exist_ok=True)
pathlib.Path('d/x.txt').write_text('12345')
print(sorted(os.listdir('d')), os.path.exists('d/x.txt'), os.path.isdir('d/e'), os.path.getsize('d/x.txt'), os.path.isfile('d'))
st = os.stat('d/x.txt')
print(st.st_size, stat.S_ISREG(st.st_mode), st[6], type(st).__name__, st.st_mtime_ns == int(st.st_mtime_ns),
        stat.filemode(os.stat('d').st_mode)[0])
os.chmod('d/x.txt', 0o640)
print(oct(stat.S_IMODE(os.stat('d/x.txt').st_mode)))
os.rename('d/x.txt', 'd/y.txt')
os.symlink('y.txt', 'd/link')
os.link('d/y.txt', 'd/hard')
print(os.readlink('d/link'), os.path.islink('d/link'), os.lstat('d/link').st_size,
        os.path.samefile('d/link', 'd/hard'), os.stat('d/y.txt').st_nlink)
os.utime('d/y.txt', (1000, 2000))
print(os.stat('d/y.txt').st_mtime, os.access('d/y.txt', os.R_OK), os.access('nope', os.F_OK))
with os.scandir('d') as it:
    print(sorted((e.name, e.is_dir(), e.is_symlink(), e.is_file()) for e in it))
print([(r, sorted(ds), sorted(fs)) for r, ds, fs in os.walk('d')])
os.replace('d/hard', 'd/moved')
os.truncate('d/moved', 2)
print(open('d/y.txt').read(), os.path.join('a', 'b', '/c', 'd'), os.path.split('/a/b.c'),
        os.path.splitext('x.tar.gz'), os.path.basename('/a/b/'), os.path.dirname('/a/b'),
                os.path.normpath('a/../b//c/.'), os.path.relpath('/a/b', '/a/c'), os.path.commonpath(['/a/b', '/a/c']),
      os.path.isabs('/x'), os.path.expanduser('x'), os.path.expandvars('$NOPE'), os.path.commonprefix(['abc', 'abd']))
for bad in (lambda: os.listdir('nope'), lambda: os.mkdir('d'), lambda: os.rmdir('d'), lambda: os.remove('nope'),
        lambda: os.stat('nope'), lambda: os.rename('nope', 'x'), lambda: os.open('nope', os.O_RDONLY),
        lambda: os.read(999, 1), lambda: os.close(999), lambda: os.chdir('nope'), lambda: os.readlink('d'),
            lambda: os.stat(1.5), lambda: os.mkdir('a\0'), lambda: os.listdir('d/y.txt'),
            lambda: os.kill(0x7ffffff, 0), lambda: os.execv('/nope', ['x']), lambda: os.environ['NOPE_NOPE'],
            lambda: os.getenvb(5), lambda: os.fspath(5), lambda: os.scandir('nope'), lambda: os.strerror('x'),
            lambda: os.putenv('a=b', 'c'), lambda: os.waitpid(-1, 0)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
fd = os.open('fd.txt', os.O_RDWR | os.O_CREAT, 0o600)
print(os.write(fd, b'hello world'), os.lseek(fd, 0, 0), os.read(fd, 5), os.pread(fd, 3, 6), os.fstat(fd).st_size,
        os.isatty(fd), os.get_inheritable(fd), os.pwrite(fd, b'W', 6), os.ftruncate(fd, 7), os.lseek(fd, 0, os.SEEK_END))
fd2 = os.dup(fd)
assert os.path.sameopenfile(fd, fd2)
os.close(fd), os.close(fd2)
r, w = os.pipe()
print(os.get_blocking(r), os.writev(w, [b'a', b'bc']), os.read(r, 10))
os.set_blocking(r, False)
try:
    os.read(r, 1)
except BlockingIOError as e:
    print(e)
os.environ['BATON_TEST'] = 'v'
print(os.getenv('BATON_TEST'), os.environ.pop('BATON_TEST'), os.getenv('BATON_TEST', 'd'), os.environb.get(b'NOPE'),
        os.sep, os.linesep, os.name, os.curdir, os.devnull, os.cpu_count() > 0, os.getpid() > 0, len(os.urandom(5)),
                os.fspath(pathlib.Path('x')), os.fsencode('é'), os.fsdecode(b'\xff'))
print(os.strerror(2), os.umask(os.umask(0o22)) >= 0, os.get_terminal_size.__name__,
        os.getcwd() == os.path.realpath('.'), os.uname().sysname, len(os.getloadavg()),
                os.path.realpath('d/link').endswith('d/y.txt'))
pid = os.fork()
if pid == 0:
    os._exit(7)
done, status = os.waitpid(pid, 0)
print(done == pid, os.WIFEXITED(status), os.WEXITSTATUS(status), os.waitstatus_to_exitcode(status), os.system('exit 3') >> 8)
pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 4'], os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.popen('echo hi').read())

p = pathlib.Path('d')
print(sorted(str(x) for x in p.iterdir()), p / 'q' / '..', p.joinpath('a', 'b').parts,
        pathlib.Path('/a/b.tar.gz').suffixes, pathlib.Path('a/b.c').stem, pathlib.Path('a/b').with_suffix('.x'),
                pathlib.Path('a/b').with_name('z'), p.exists(), p.is_dir(), pathlib.Path('/a/b').relative_to('/a'),
                        sorted(str(x) for x in p.rglob('*.txt')),
      (p / 'new').write_text('t'), (p / 'new').read_text(), (p / 'new').read_bytes(), (p / 'new').unlink(),
      (p / 'new').exists(), pathlib.PurePosixPath('a') < pathlib.PurePosixPath('b'), repr(p), pathlib.Path('~').name,
      pathlib.Path('a//b/./c'), pathlib.Path('a').match('*'), pathlib.PureWindowsPath('c:\\a\\b').parts)
shutil.copy('d/y.txt', 'copy.txt')
shutil.copytree('d', 'tree', symlinks=True)
shutil.move('copy.txt', 'moved.txt')
print(sorted(glob.glob('tree/*')), sorted(glob.glob('**/*.txt', recursive=True)), shutil.which('sh') is not None,
        shutil.disk_usage('.').total > 0)
shutil.rmtree('tree')
print(os.path.exists('tree'), open('moved.txt').read())
with tempfile.TemporaryDirectory() as t, tempfile.NamedTemporaryFile('w+', dir=t) as f, tempfile.TemporaryFile() as g:
    f.write('x')
    f.flush()
    print(os.path.getsize(f.name), os.path.isdir(t), g.write(b'ab'))
print(os.path.exists(t))
shutil.rmtree('d')
