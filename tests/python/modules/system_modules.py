# sys, subprocess, errno, resource, platform, logging, argparse, contextlib, traceback, inspect, types, ast, tokenize.
import argparse
import ast
import contextlib
import errno
import inspect
import io
import logging
import platform
import resource
import subprocess
import sys
import tokenize
import traceback
import types

print(sys.version_info[:2], sys.version_info.major, sys.hexversion >> 16 == 0x030b, sys.byteorder, sys.maxsize,
        sys.maxunicode, sys.platform, sys.getrecursionlimit(), sys.int_info.bits_per_digit > 0, sys.flags.optimize,
                sys.api_version, sys.hash_info.width, sys.hash_info.modulus, sys.float_repr_style,
                        sys.thread_info.name, sys.getdefaultencoding(), sys.getfilesystemencoding())
print(sys.intern('abc') is sys.intern('abc'), sys.getsizeof([]) > 0, sys.exc_info(), sys._getframe().f_code.co_name,
        sys.argv[1:], sys.executable != '', sys.is_finalizing(), callable(sys.displayhook), sys.gettrace(),
                sys.getprofile(), sys.dont_write_bytecode, type(sys.implementation).__name__,
                        sys.implementation.version[:2] is not None)
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print('captured')
    sys.displayhook(5)
    sys.displayhook(None)
print(repr(out.getvalue()), errno.ENOENT, errno.errorcode[2], resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 0,
        resource.getrusage(resource.RUSAGE_SELF).ru_utime >= 0, platform.system(), platform.python_version()[:4])
for bad in (lambda: sys.setrecursionlimit(0), lambda: sys.setrecursionlimit('a'), lambda: sys.intern(5),
        lambda: sys._getframe(1000), lambda: sys.exit([1, 2]), lambda: sys.setswitchinterval('a'),
        lambda: sys.set_int_max_str_digits(5)):
    try:
        bad()
    except BaseException as e:
        print(type(e).__name__, e)

run = subprocess.run
print(run(['echo', 'a b'], capture_output=True, text=True).stdout,
        run('echo $X; exit 3', shell=True, env={'X': '5'}, stdout=subprocess.PIPE),
                run(['cat'], input=b'in', stdout=subprocess.PIPE).stdout,
                        run(['sh', '-c', 'echo e >&2'], stderr=subprocess.PIPE).stderr, run(['sh', '-c', 'echo '
                        'both; echo err >&2'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout,
                        subprocess.getoutput('echo x'), subprocess.check_output(['pwd'], cwd='/'))
for bad in (lambda: run(['nope-nope']), lambda: run(['sh', '-c', 'exit 2'], check=True),
        lambda: run(['sleep', '5'], timeout=0.05), lambda: subprocess.Popen(['x'], stdout='y'),
        lambda: subprocess.Popen([]), lambda: run(['true'], cwd='/nope-nope'),
        lambda: run(['sh', '-c', 'kill -9 $$'], check=True)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, str(e).split(' after ')[0])
with subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
    p.stdin.write(b'line\n')
    p.stdin.flush()
    print(p.stdout.readline(), p.poll(), p.communicate(b'rest'), p.returncode)
p = subprocess.Popen(['sleep', '10'])
p.terminate()
print(p.wait(), p.poll())
with subprocess.Popen(['sort'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
    print(p.communicate('b\na\n'))

log_out = io.StringIO()
logger = logging.getLogger('t.sub')
handler = logging.StreamHandler(log_out)
handler.setFormatter(logging.Formatter('%(levelname)s:%(name)s:%(funcName)s:%(message)s'))
logging.getLogger('t').addHandler(handler)
logger.setLevel(logging.INFO)
logger.info('hello %s', 'x')
logger.debug('no')
try:
    1 / 0
except ZeroDivisionError:
    logger.exception('failed')
print(log_out.getvalue().splitlines()[0], log_out.getvalue().splitlines()[-1], logger.getEffectiveLevel(),
        logging.getLevelName(30))

parser = argparse.ArgumentParser(prog='prog', description='does things')
parser.add_argument('pos', type=int)
parser.add_argument('-v', '--verbose', action='count', default=0, help='more')
parser.add_argument('--opt', choices=['a', 'b'], default='a')
parser.add_argument('rest', nargs='*')
print(parser.parse_args(['5', 'x', 'y', '-vv', '--opt=b']), parser.format_usage(), parser.format_help())
err = io.StringIO()
for argv in (['x'], [], ['1', '--opt', 'z'], ['1', '--nope']):
    with contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
        parser.parse_args(argv)
print(err.getvalue())


@contextlib.contextmanager
def manager(x):
    try:
        yield x * 2
    except KeyError:
        print('swallowed')
    finally:
        print('cleanup')


with manager(2) as m, contextlib.ExitStack() as stack, contextlib.nullcontext(7) as n, contextlib.closing(io.StringIO()) as c:
    stack.callback(print, 'callback', m, n)
    stack.enter_context(contextlib.suppress(ValueError))
    raise KeyError
assert c.closed


def sample(a, b: int = 2, *args, c, d='x', **kw) -> str:
    """Doc."""
    return 1


sig = inspect.signature(sample)
print(sig, list(sig.parameters), sig.parameters['b'].default, sig.return_annotation, sig.bind(1, c=3).arguments,
        inspect.getdoc(sample), inspect.isfunction(sample), inspect.getsource(sample).splitlines()[0],
                inspect.signature(len), inspect.signature(sorted), inspect.getfullargspec(sample).kwonlyargs,
                        inspect.ismethod(logger.info), inspect.getmodule(sample).__name__,
                                inspect.currentframe().f_lineno > 0, inspect.isgeneratorfunction(manager.__wrapped__))
for bad in (lambda: sig.bind(), lambda: sig.bind(1), lambda: inspect.signature(5), lambda: inspect.getsource(len)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
try:
    {}['k']
except KeyError as e:
    te = traceback.TracebackException.from_exception(e)
    print(''.join(te.format_exception_only()), [f.line for f in traceback.extract_tb(e.__traceback__)],
            traceback.format_exception_only(e))
tree = ast.parse('x = [i ** 2 for i in range(3) if i]\ndef f(a, *, b=1): return a + b\n')
print(ast.dump(tree, indent=1), ast.unparse(tree), ast.literal_eval('{"a": [1, (2, None)], "b": {3}, "c": -1.5}'),
        [type(n).__name__ for n in ast.walk(tree)][:8], ast.get_docstring(ast.parse('"doc"')))
for bad in ('f()', '1 + "a"', '{', 'x'):
    try:
        ast.literal_eval(bad)
    except (ValueError, SyntaxError) as e:
        print(type(e).__name__, str(e).split(' at 0x')[0].split(' <')[0])
ns = {}
exec(compile(ast.fix_missing_locations(ast.Module([ast.Assign([ast.Name('y', ast.Store())], ast.Constant(5))], [])),
        '<ast>', 'exec'), ns)
print(ns['y'], [(tokenize.tok_name[t.exact_type], t.string) for t in tokenize.generate_tokens(io.StringIO('if x >= '
     '1:\n  y = "s" # c\n').readline)])
print(types.SimpleNamespace(a=1, b='x'), types.MappingProxyType({'a': 1}), types.new_class('N', (int,))(5),
        types.MethodType(len, 'abc')(), types.GenericAlias(list, int),
                types.FunctionType(sample.__code__, {}, 'named').__name__, types.CodeType.__name__,
                        types.prepare_class('X')[0].__name__, types.resolve_bases((list[int],)))
