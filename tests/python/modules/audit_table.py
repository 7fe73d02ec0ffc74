# The events of PEP 578's table that native code raises, with their arguments; numbers don't matter.
import _thread
import array
import ctypes
import encodings.idna
import fcntl
import gc
import io
import marshal
import mmap
import os
import pickle
import re
import resource
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import types
import warnings

log = []
on = False
def hook(event, args):
    if on: log.append((event, args))
sys.addaudithook(hook)
warnings.simplefilter('ignore')
os.chdir(tempfile.mkdtemp())
with open('f', 'w') as f:
    f.write('x' * 100)
os.mkdir('d')
f = open('f','r+b')
def func(): pass
class C: pass
s = socket.socket(); u = socket.socket(type=socket.SOCK_DGRAM)
con = sqlite3.connect(':memory:')
libc = ctypes.CDLL(None)
buf = ctypes.create_string_buffer(b'abc')
ub = ctypes.create_unicode_buffer('abc')
def shown(v):
    text = re.sub(r'handle [0-9a-f]+', 'handle', repr(v))
    text = re.sub(r'0x[0-9a-f]+|\b\d+\b', 'N', text)
    return re.sub(r"/[^' ]*/", '/', text)
def t(name, function):
    global on
    log.clear(); on = True
    try:
        try: function()
        finally: on = False
    except BaseException as e: print(name, 'EXC', type(e).__name__, e)
    print(name, [(e, [] if e == 'marshal.loads' else [shown(x) for x in a]) for e, a in log if e != 'import'])
def setcls():
    C().__class__ = type('D', (), {})
t('thread', lambda: _thread.start_new_thread(func, ()))
t('array', lambda: array.array('i', [1]))
t('array2', lambda: array.array('i'))
sys.breakpointhook = lambda *a: None
t('breakpoint', lambda: breakpoint())
t('id', lambda: id(func))
sys.stdin = io.StringIO('abc\n')
t('input', lambda: input('p'))
t('code', lambda: func.__code__.replace(co_name='x'))
c = func.__code__
t('code.new', lambda: types.CodeType(
    c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize, c.co_flags, c.co_code, c.co_consts,
    c.co_names, c.co_varnames, c.co_filename, c.co_name, c.co_qualname, c.co_firstlineno, c.co_linetable, c.co_exceptiontable))
t('function', lambda: types.FunctionType(c, {}))
t('compile', lambda: compile('1', 'fn', 'eval'))
t('exec', lambda: exec('1'))
t('ct.addressof', lambda: ctypes.addressof(buf))
t('ct.call', lambda: libc.abs(-3))
t('ct.cdata', lambda: ctypes.c_int.from_address(ctypes.addressof(buf)))
t('ct.from_buffer', lambda: ctypes.c_char.from_buffer(bytearray(b'abcd'), 1))
t('ct.from_buffer_copy', lambda: ctypes.c_char.from_buffer_copy(b'abcd', 1))
t('ct.create_string_buffer', lambda: ctypes.create_string_buffer(3))
t('ct.create_unicode_buffer', lambda: ctypes.create_unicode_buffer(3))
t('ct.dlopen', lambda: ctypes.CDLL('libc.so.6'))
t('ct.dlsym', lambda: libc.labs)
t('ct.in_dll', lambda: ctypes.c_int.in_dll(libc, 'optind'))
t('ct.get_errno', lambda: ctypes.get_errno())
t('ct.set_errno', lambda: ctypes.set_errno(1))
t('ct.string_at', lambda: ctypes.string_at(buf, 2))
t('ct.wstring_at', lambda: ctypes.wstring_at(ub, 2))
t('fcntl', lambda: fcntl.fcntl(f, fcntl.F_GETFD))
t('flock', lambda: fcntl.flock(f, fcntl.LOCK_UN))
t('lockf', lambda: fcntl.lockf(f, fcntl.LOCK_UN))
t('ioctl', lambda: fcntl.ioctl(f, 0x541B, b'    '))
t('gc.get_objects', lambda: gc.get_objects(1))
t('gc.get_referents', lambda: gc.get_referents(C))
t('gc.get_referrers', lambda: gc.get_referrers(C))
t('marshal.dumps', lambda: marshal.dumps(1))
t('marshal.loads', lambda: marshal.loads(marshal.dumps(1)))
t('marshal.load', lambda: marshal.load(io.BytesIO(marshal.dumps(1))))
t('marshal.dump', lambda: marshal.dump(1, io.BytesIO()))
t('mmap', lambda: mmap.mmap(f.fileno(), 10))
t('getattr code', lambda: func.__code__)
t('setattr code', lambda: setattr(func, '__code__', c))
t('defaults', lambda: func.__defaults__)
t('setdefaults', lambda: setattr(func, '__defaults__', ()))
t('setkwdefaults', lambda: setattr(func, '__kwdefaults__', {}))
t('getkwdefaults', lambda: func.__kwdefaults__)
t('class', setcls)
t('bases', lambda: setattr(type('A', (C,), {}), '__bases__', (C,)))
t('name', lambda: setattr(C, '__name__', 'C'))
t('qualname', lambda: setattr(C, '__qualname__', 'C'))
t('module', lambda: setattr(C, '__module__', 'C'))
t('typedict', lambda: C.__dict__)
g = (i for i in [1])
t('gi_code', lambda: g.gi_code)
t('gi_frame', lambda: g.gi_frame)
async def co(): pass
k = co()
t('cr_code', lambda: k.cr_code)
t('cr_frame', lambda: k.cr_frame); k.close()
async def ag(): yield
k = ag()
t('ag_code', lambda: k.ag_code)
t('ag_frame', lambda: k.ag_frame)
t('f_code', lambda: sys._getframe().f_code)
try: 1/0
except Exception as e: ex = e
t('tb_frame', lambda: ex.__traceback__.tb_frame)
t('func_builtins', lambda: func.__builtins__)
t('func_globals', lambda: func.__globals__)
t('func_closure', lambda: func.__closure__)
t('open', lambda: open('f').close())
t('open fd', lambda: open(os.dup(0), 'rb').close())
t('os.open', lambda: os.close(os.open('f', os.O_RDONLY)))
t('io.open_code', lambda: io.open_code(os.path.abspath('f')).close())
t('FileIO', lambda: io.FileIO('f').close())
t('os.chdir', lambda: os.chdir('.'))
t('os.fchdir', lambda: os.fchdir(os.open('.', os.O_RDONLY)))
t('os.chmod', lambda: os.chmod('f', 0o600))
t('os.fchmod', lambda: os.fchmod(f.fileno(), 0o600))
t('os.chown', lambda: os.chown('f', -1, -1))
t('os.fchown', lambda: os.fchown(f.fileno(), -1, -1))
t('os.lchown', lambda: os.lchown('f', -1, -1))
t('os.exec', lambda: os.execv('/nonexist', ['a']))
t('os.execve', lambda: os.execve('/nonexist', ['a'], {}))
def fork():
    p = os.fork()
    if not p: os._exit(0)
    os.waitpid(p, 0)
t('os.fork', fork)
def forkpty():
    p, fd = os.forkpty()
    if not p: os._exit(0)
    os.waitpid(p, 0)
t('os.forkpty', forkpty)
t('os.setxattr', lambda: os.setxattr('f', 'user.a', b'v'))
t('os.getxattr', lambda: os.getxattr('f', 'user.a'))
t('os.listxattr', lambda: os.listxattr('f'))
t('os.removexattr', lambda: os.removexattr('f', 'user.a'))
t('os.kill', lambda: os.kill(os.getpid(), 0))
t('os.killpg', lambda: os.killpg(os.getpgid(0), 0))
t('os.link', lambda: os.link('f', 'g'))
t('os.rename', lambda: os.rename('g', 'h'))
t('os.replace', lambda: os.replace('h', 'g'))
t('os.symlink', lambda: os.symlink('f', 's'))
t('os.remove', lambda: os.remove('g'))
t('os.unlink', lambda: os.unlink('s'))
t('os.listdir', lambda: os.listdir('.'))
t('os.scandir', lambda: os.scandir('.'))
t('os.listdir()', lambda: os.listdir())
t('os.scandir()', lambda: os.scandir())
t('os.lockf', lambda: os.lockf(f.fileno(), os.F_ULOCK, 0))
t('os.mkdir', lambda: os.mkdir('e'))
t('os.rmdir', lambda: os.rmdir('e'))
t('os.posix_spawn', lambda: os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0))
t('os.posix_spawnp', lambda: os.waitpid(os.posix_spawnp('true', ['true'], {'PATH': '/bin'}), 0))
t('os.putenv', lambda: os.putenv('A', 'b'))
t('os.unsetenv', lambda: os.unsetenv('A'))
t('os.system', lambda: os.system('true'))
t('os.truncate', lambda: os.truncate('f', 100))
t('os.ftruncate', lambda: os.ftruncate(f.fileno(), 100))
t('os.utime', lambda: os.utime('f', (1, 1)))
t('os.utime ns', lambda: os.utime('f', ns=(1, 1)))
t('os.access', lambda: os.access('f', 0))
t('os.stat', lambda: os.stat('f'))
t('os.readlink', lambda: os.readlink('/proc/self/exe'))
t('os.mkfifo', lambda: os.mkfifo('ff'))
t('os.pipe', lambda: os.pipe())
t('os.memfd', lambda: os.memfd_create('x'))
t('os.getcwd', lambda: os.getcwd())
t('os.statvfs', lambda: os.statvfs('.'))
t('os.walk', lambda: list(os.walk('d')))
t('os.fwalk', lambda: list(os.fwalk('d')))
t('pickle', lambda: pickle.loads(pickle.dumps(len)))
t('prlimit', lambda: resource.prlimit(0, resource.RLIMIT_NOFILE))
t('setrlimit', lambda: resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)))
t('pthread_kill', lambda: signal.pthread_kill(threading.get_ident(), 0))
t('socket', lambda: socket.socket())
t('bind', lambda: u.bind(('127.0.0.1', 0)))
t('connect', lambda: u.connect(u.getsockname()))
t('connect_ex', lambda: u.connect_ex(u.getsockname()))
t('getaddrinfo', lambda: socket.getaddrinfo('127.0.0.1', 80))
t('gethostbyname', lambda: socket.gethostbyname('127.0.0.1'))
t('gethostbyname_ex', lambda: socket.gethostbyname_ex('127.0.0.1'))
t('gethostname', lambda: socket.gethostname())
t('getnameinfo', lambda: socket.getnameinfo(('127.0.0.1', 80), 3))
t('getservbyname', lambda: socket.getservbyname('http'))
t('getservbyport', lambda: socket.getservbyport(80))
u2 = socket.socket(type=socket.SOCK_DGRAM); u2.bind(('127.0.0.1', 0))
t('sendmsg', lambda: u2.sendmsg([b'x'], [], 0, u2.getsockname()))
t('sendto', lambda: u2.sendto(b'x', u2.getsockname()))
t('sendmsg2', lambda: u.sendmsg([b'x']))
t('sqlite3.connect', lambda: sqlite3.connect(':memory:'))
t('enable_load_extension', lambda: con.enable_load_extension(True))
t('load_extension', lambda: con.load_extension('/nonexist'))
t('_current_exceptions', lambda: sys._current_exceptions())
t('_current_frames', lambda: sys._current_frames())
t('_getframe', lambda: sys._getframe())
t('addaudithook', lambda: sys.addaudithook(lambda *a: None))
t('set_asyncgen_hooks', lambda: sys.set_asyncgen_hooks(firstiter=None, finalizer=None))
t('setprofile', lambda: sys.setprofile(None))
t('settrace', lambda: sys.settrace(None))
t('threading.setprofile', lambda: threading.setprofile(None))
t('setrecursionlimit', lambda: sys.setrecursionlimit(2000))
t('setswitchinterval', lambda: sys.setswitchinterval(0.005))
t('setattr __getattr__', lambda: setattr(C, '__getattr__', 1))
t('delattr', lambda: delattr(func, '__code__'))
t('del name', lambda: delattr(C, '__name__'))
