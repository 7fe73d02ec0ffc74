# Options of the command line and environment variables, seen through sys.flags and their effect.
from _cli import run, write

FLAGS = 'import sys; print(sys.flags.%s)'
WARN = 'import warnings; warnings.warn("w")'
for args in (['-O', '-c', 'assert 0; print(__debug__)'], ['-OO', '-c', 'def f(): "doc"\nprint(f.__doc__)'],
        ['-W', 'error', '-c', WARN],
             ['-W', 'ignore', '-c', WARN], ['-B', '-c', 'import sys; print(sys.dont_write_bytecode)'],
             ['-B', '-c', FLAGS % 'dont_write_bytecode'], ['-s', '-c', FLAGS % 'no_user_site'], ['-q', '-c', FLAGS % 'quiet'],
             ['-E', '-c', FLAGS % 'ignore_environment'], ['-b', '-c', 'print(b"a" == "a")'], ['-bb', '-c', 'print(b"a" == "a")'],
             ['-P', '-c', FLAGS % 'safe_path'], ['-P', '-c', 'import sys; print("" in sys.path)'],
                     ['-X', 'utf8', '-c', FLAGS % 'utf8_mode'],
             ['-I', '-c', FLAGS % 'isolated'], ['-S', '-c', 'import sys; print("site" in sys.modules)'],
             ['-X', 'dev', '-c', FLAGS % 'dev_mode'], ['-bOqs', '-c', FLAGS % 'optimize'],
                     ['-Werror', '-Oc', FLAGS % 'optimize']):
    print(args, run(*args))
print(run('-X', 'a=b', '-Xc', '-c', 'import sys; print({k: v for k, v in sys._xoptions.items() if k in "ac"})'))
print(run('-V')[0], run('--version')[1].split()[-1][:4], run('-h')[1].startswith('usage:'), run('-v', '-c', '1')[0])

write('lib/found.py', 'x = "found through PYTHONPATH"\n')
for env, source in (({'PYTHONPATH': 'lib'}, 'import found; print(found.x)'),
        ({'PYTHONHASHSEED': '0'}, FLAGS % 'hash_randomization'),
                    ({'PYTHONIOENCODING': 'ascii:backslashreplace'}, 'print("\xe9")'),
                    ({'PYTHONOPTIMIZE': '2'}, FLAGS % 'optimize'),
                    ({'PYTHONDONTWRITEBYTECODE': '1'}, FLAGS % 'dont_write_bytecode'), ({'PYTHONWARNINGS': 'ignore'}, WARN),
                    ({'PYTHONSAFEPATH': '1'}, FLAGS % 'safe_path'), ({'PYTHONNOUSERSITE': '1'}, FLAGS % 'no_user_site'),
                    ({'PYTHONUTF8': '0', 'LC_ALL': 'C.UTF-8'}, FLAGS % 'utf8_mode')):
    print(sorted(env.items()), run('-c', source, env=env))
seeded = {run('-c', 'print(hash("a"))', env={'PYTHONHASHSEED': '5'})[1] for _ in range(2)}
print(len(seeded), run('-c', 'pass', env={'PYTHONHASHSEED': 'bad'})[0] != 0)
print(run('--nope'), run('-c'), run('-Z'))
for option in 'utf8=2', 'frozen_modules=maybe', 'int_max_str_digits=5', 'int_max_str_digits', 'tracemalloc=x':
    print(option, run('-X', option, '-c', '1'))
print(run('-X', 'frozen_modules=', '-c', '1'), run('-X', 'frozen_modules=off', '-c', '1'))
for name, value in (('UTF8', '3'), ('MALLOC', 'foo'), ('MALLOC', 'debug'), ('INTMAXSTRDIGITS', '3'), ('HASHSEED', 'abc'),
                    ('TRACEMALLOC', 'x')):
    print(name, value, run('-c', '1', env={'PYTHON' + name: value}))
print(run('--check-hash-based-pycs'), run('--check-hash-based-pycs', 'foo', '-c', '1'))
print(run('.')[2], run('./.')[2])
# A variable that is a number is a level, 0 like not being set; other text is 1.
levels = ('VERBOSE', 'OPTIMIZE', 'DEBUG', 'INSPECT', 'DONTWRITEBYTECODE', 'NOUSERSITE', 'UNBUFFERED')
for value in '0', '2', '-1', 'x', ' 1', '99999999999':
    settings = {'PYTHON' + name: value for name in levels if name != 'VERBOSE' or value == '0'}
    print(value, run('-c', 'import sys; print(sys.flags, sys.stdout.write_through)', env={**settings, 'PYTHONHASHSEED': '1'}))
print(run('-J'))
