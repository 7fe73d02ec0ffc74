"""Runs one test module under the interpreter under test.

    INTERP _inner.py OUTFILE SKIPFILE MODULE

Started by run.py, never by hand.  It needs as little as it can of the language
beyond what `unittest` itself needs: no f-strings, no `with`, no generators,
no json.  Every event is one line, written to OUTFILE at once with os.write, so
that a crash loses nothing but the test it happened in.

    M                          the interpreter runs this file
    U                          unittest and test.support are imported
    L                          the test module is imported
    P <id>                     a test was found
    S <id>                     it starts
    R <id> <status> <ms> <why> it ended: pass fail error skip xfail xpass
    H <id> <status> <why>      a class or module fixture failed or skipped
    K <why>                    the module skipped itself
    X <stage> <why>            the module could not be loaded
    E                          every test was run
    A                          all is over; only interpreter exit is left

Fields are separated by tabs; \\, tab and newline are escaped.

The environment may hold (also read by children that multiprocessing spawns):
    CONFORMANCE_RESOURCES  test.support resources to enable, comma-separated
    CONFORMANCE_SPLIT      1: a package's modules are run one by one, so only its own cases
    CONFORMANCE_LONG       1: write whole tracebacks to stderr
"""
import sys
import os
import time

_env = os.environ.get
_write = os.write
_getpid = os.getpid
_clock = time.monotonic


# --- stand-ins for CPython's C-API test modules ----------------------------
#
# Several test modules import _testcapi at their top though few of their tests
# use it.  A runtime without it gets a stand-in that lets the module be imported
# (constants of the platform are right) and skips a test that uses the rest.

STANDINS = ('_testcapi', '_testinternalcapi')
STRICT = []
_MAX = {'SHRT': 15, 'INT': 31, 'LONG': 63, 'LLONG': 63, 'PY_SSIZE_T': 63}


def needs(what):
    import unittest

    # An AttributeError too, for hasattr() and for pickle's search of sys.modules.
    class Needs(unittest.SkipTest, AttributeError):
        pass

    raise Needs('needs ' + what + ', which only CPython has')


class Absent:

    def __init__(self, what):
        self.conformance_what = what

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return look(self.conformance_what + '.' + name)

    def __call__(self, *args, **kwargs):
        return look(self.conformance_what + '()')

    def __getitem__(self, key):
        return look(self.conformance_what + '[]')


def look(what):
    if STRICT:
        needs(what)
    return Absent(what)


def make_stand_in(name):
    module = type(sys)(name)

    def __getattr__(attr):
        if attr.startswith('__'):
            raise AttributeError(attr)
        return look(name + '.' + attr)

    module.__getattr__ = __getattr__
    if name == '_testcapi':
        for kind in _MAX:
            setattr(module, kind + '_MAX', 2 ** _MAX[kind] - 1)
            setattr(module, kind + '_MIN', -2 ** _MAX[kind])
        module.CHAR_MAX = 127
        module.CHAR_MIN = -128
        module.UCHAR_MAX = 255
        module.USHRT_MAX = 2 ** 16 - 1
        module.UINT_MAX = 2 ** 32 - 1
        module.ULONG_MAX = 2 ** 64 - 1
        module.ULLONG_MAX = 2 ** 64 - 1
        module.SIZEOF_TIME_T = 8
        module.SIZEOF_WCHAR_T = 4
        module.WITH_PYMALLOC = 0
    sys.modules[name] = module


def add_stand_ins():
    for name in STANDINS:
        if sys.modules.get(name) is None:
            if name in sys.modules:         # blocked
                del sys.modules[name]
                make_stand_in(name)
            else:
                try:
                    __import__(name)
                except Exception:
                    make_stand_in(name)


def add_ctypes_test(library, stubs):
    """ctypes' tests call functions of CPython's _ctypes_test, by the file they get from the module's __file__.

    As a C library it only lacks four symbols of the C API, none of which is used: `stubs` has them.
    """
    import ctypes
    ctypes.CDLL(stubs, ctypes.RTLD_GLOBAL)
    module = type(sys)('_ctypes_test')
    module.__file__ = library
    sys.modules['_ctypes_test'] = module


if getattr(getattr(sys, 'implementation', None), 'name', 'cpython') != 'cpython':
    add_stand_ins()
    if _env('CONFORMANCE_CTYPES_TEST'):
        try:
            add_ctypes_test(*_env('CONFORMANCE_CTYPES_TEST').split(':'))
        except ImportError:
            pass

OUT = -1
PID = 0
PREFIX = ''
SKIP = {}
COUNT = {}


def escape(text):
    return (text.replace('\\', '\\\\').replace('\t', '\\t')
            .replace('\n', '\\n').replace('\r', '\\r'))


def emit(*fields):
    # A forked child that escaped from its test must not report.
    if _getpid() != PID:
        return
    parts = []
    for field in fields:
        parts.append(escape(str(field)))
    _write(OUT, ('\t'.join(parts) + '\n').encode('utf-8', 'backslashreplace'))


def describe(err):
    """'ValueError: message' for an exc_info triple."""
    try:
        kind = err[0].__name__
        text = str(err[1])
    except BaseException:
        return 'exception that cannot be printed'
    if len(text) > 400:
        text = text[:400] + '...'
    where = ''
    try:
        tb = err[2]
        while tb is not None:
            code = tb.tb_frame.f_code
            if code.co_filename.find('unittest') < 0:
                where = ' [' + os.path.basename(code.co_filename) + ':' + str(tb.tb_lineno) + ']'
            tb = tb.tb_next
    except BaseException:
        pass
    return kind + ': ' + text + where


def show(title, err):
    """The whole traceback on stderr, when asked for."""
    if _env('CONFORMANCE_LONG') != '1':
        return
    try:
        import traceback
        _write(2, ('=== ' + title + '\n').encode('utf-8', 'backslashreplace'))
        text = ''.join(traceback.format_exception(err[0], err[1], err[2]))
        _write(2, text.encode('utf-8', 'backslashreplace'))
    except BaseException:
        pass


def short(name):
    if name.startswith(PREFIX):
        return name[len(PREFIX):]
    return name


def flatten(suite, into):
    try:
        tests = list(suite)
    except TypeError:
        into.append(suite)
        return
    for test in tests:
        flatten(test, into)


RANK = {'pass': 0, 'subskip': 1, 'skip': 2, 'xfail': 3, 'xpass': 4, 'fail': 5, 'error': 6}


def make_result(unittest):

    class Result(unittest.TestResult):

        def __init__(self):
            unittest.TestResult.__init__(self)
            self.now = None
            self.status = None
            self.why = ''
            self.subpasses = 0
            self.began = 0.0

        def startTest(self, test):
            self.testsRun = self.testsRun + 1
            self.now = getattr(test, 'conformance_id', None) or short(test.id())
            self.status = None
            self.why = ''
            self.subpasses = 0
            emit('S', self.now)
            self.began = _clock()

        def stopTest(self, test):
            ms = int((_clock() - self.began) * 1000)
            status = self.status
            if status == 'subskip':
                status = 'skip'
                if self.subpasses:
                    status = 'pass'
            if status is None:
                status = 'error'
                self.why = 'no outcome was reported'
            emit('R', self.now, status, ms, self.why)
            self.now = None

        def note(self, test, status, why):
            if self.now is None:
                try:
                    name = short(test.id())
                except BaseException:
                    name = '?'
                emit('H', name, status, why)
                return
            if self.status is None or RANK[status] > RANK[self.status]:
                self.status = status
                self.why = why

        def addSuccess(self, test):
            self.note(test, 'pass', '')

        def addFailure(self, test, err):
            self.note(test, 'fail', describe(err))
            show(str(self.now), err)

        def addError(self, test, err):
            self.note(test, 'error', describe(err))
            show(str(self.now), err)

        def addSkip(self, test, reason):
            status = 'skip'
            if getattr(test, 'test_case', None) is not None:
                status = 'subskip'
            self.note(test, status, str(reason))

        def addExpectedFailure(self, test, err):
            self.note(test, 'xfail', describe(err))

        def addUnexpectedSuccess(self, test):
            self.note(test, 'xpass', '')

        def addSubTest(self, test, subtest, err):
            if err is None:
                self.subpasses = self.subpasses + 1
                return
            status = 'error'
            if issubclass(err[0], test.failureException):
                status = 'fail'
            why = describe(err)
            try:
                why = subtest._subDescription() + ' ' + why
            except BaseException:
                pass
            self.note(test, status, why)
            show(str(self.now), err)

        def addDuration(self, test, elapsed):
            pass

        def printErrors(self):
            pass

        def wasSuccessful(self):
            return True

    return Result()


def main(argv):
    global OUT, PID, PREFIX
    OUT = os.open(argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    PID = _getpid()
    emit('M')
    module = argv[3]
    PREFIX = module + '.'
    file = open(argv[2], encoding='utf-8')
    for line in file.read().split('\n'):
        if line:
            SKIP[line] = 1
    file.close()

    # The script's own directory must not be importable; the fresh cwd may be.
    sys.path[0] = os.getcwd()
    stage = 'unittest'
    try:
        import unittest
        stage = 'test.support'
        from test import support
        support.verbose = 0
        support.use_resources = [r for r in (_env('CONFORMANCE_RESOURCES') or '').split(',') if r]
        emit('U')
        stage = 'import'
        result = make_result(unittest)
        __import__(module)
        loaded = sys.modules[module]
        STRICT.append(1)
        emit('L')
        stage = 'load'

        original = support._run_suite

        def run_suite(suite):
            if result.now is not None:      # a test that runs tests
                return original(suite)
            found = []
            flatten(suite, found)
            keep = []
            for test in found:
                name = short(test.id())
                COUNT[name] = COUNT.get(name, 0) + 1
                if COUNT[name] > 1:
                    name = name + '#' + str(COUNT[name])
                emit('P', name)
                if name not in SKIP:
                    try:
                        test.conformance_id = name
                    except BaseException:
                        pass
                    keep.append(test)
            found = test = None
            unittest.TestSuite(keep).run(result)

        original_doctest = support.run_doctest

        def run_doctest(module, verbosity=None, optionflags=0):
            if result.now is not None:
                return original_doctest(module, verbosity, optionflags)
            import doctest
            run_suite(doctest.DocTestSuite(module, optionflags=optionflags))
            return 0, 1

        support._run_suite = run_suite
        support.run_doctest = run_doctest
        run_main = getattr(loaded, 'test_main', None)
        if run_main is not None:
            run_main()
        else:
            loader = unittest.TestLoader()
            if module.find('.', 5) < 0 and getattr(loaded, '__path__', None) is not None \
                    and _env('CONFORMANCE_SPLIT') == '1':
                # A package whose modules are run one by one: only its own cases.
                loaded.load_tests = None
            run_suite(loader.loadTestsFromModule(loaded))
        emit('E')
    except unittest.SkipTest as exc:
        emit('K', str(exc))
    except Exception:
        err = sys.exc_info()
        show(stage, err)
        emit('X', stage, describe(err))
    try:
        support.reap_children()
    except BaseException:
        pass
    emit('A')


if __name__ == '__main__':
    main(sys.argv)
