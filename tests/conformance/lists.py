"""The lists that conformance is measured against: what is owed, what must pass, what is known to fail.

expected.txt        every owed test, by module and class; made once from CPython 3.11's own results
must_pass.txt       the modules under contract, with their seconds: every owed test of theirs passes ...
known_failures.txt  ... but for these, each with a reason; the file may only shrink

An id is 'Class.test', as the runner reports it.
"""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = os.path.join(HERE, 'expected.txt')
MUST_PASS = os.path.join(HERE, 'must_pass.txt')
KNOWN_FAILURES = os.path.join(HERE, 'known_failures.txt')


# --- expected.txt ------------------------------------------------------------
#
#   test_int 1.46                     a module, and CPython's seconds for it
#    ClassA | ClassB : x y =odd       owed: ClassA.test_x ... ; '=' marks a name that does not begin with test_
#    ! Class.test_hangs               not run at all: hangs or crashes CPython itself
# A blank inside a name is written %20.

def pack_name(name):
    name = name.replace('%', '%25').replace(' ', '%20')
    return name[5:] if name.startswith('test_') and name[5:6] not in ('', '=', '!') else '=' + name


def unpack_name(name):
    name = name[1:] if name.startswith('=') else 'test_' + name
    return name.replace('%20', ' ').replace('%25', '%')


def split_id(test):
    cls, _, name = test.rpartition('.')
    return cls, name


def join_id(cls, name):
    return cls + '.' + name if cls else name


class Module:
    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.owed = []
        self.never = []


def read_expected(path=EXPECTED):
    modules = {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.rstrip('\n')
            if not line or line.startswith('#'):
                continue
            if not line.startswith(' '):
                name, seconds = line.split()
                module = modules[name] = Module(float(seconds))
            elif line.startswith(' ! '):
                module.never.append(line[3:].replace('%20', ' ').replace('%25', '%'))
            else:
                classes, _, names = line.strip().partition(' : ')
                if line.startswith(' : '):
                    classes, names = '', line[3:]
                unpacked = [unpack_name(n) for n in names.split(' ')]
                for cls in classes.split(' | '):
                    module.owed += [join_id(cls.replace('%20', ' ').replace('%25', '%'), n) for n in unpacked]
    return modules


def write_expected(modules, path=EXPECTED):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('# The tests that any Python 3.11 on Linux owes, by module and class. Read by lists.py, which says how.\n')
        for name in sorted(modules):
            module = modules[name]
            f.write('%s %g\n' % (name, module.seconds))
            classes = {}
            for test in module.owed:
                cls, short = split_id(test)
                classes.setdefault(cls, []).append(pack_name(short))
            alike = {}
            for cls, names in classes.items():
                alike.setdefault(' '.join(names), []).append(cls.replace('%', '%25').replace(' ', '%20'))
            for names, which in alike.items():
                f.write(' %s : %s\n' % (' | '.join(which), names) if which != [''] else ' : %s\n' % names)
            for test in module.never:
                f.write(' ! %s\n' % test.replace('%', '%25').replace(' ', '%20'))


# --- must_pass.txt and known_failures.txt --------------------------------------

def read_lines(path):
    try:
        with open(path, encoding='utf-8') as f:
            return [line.rstrip('\n') for line in f]
    except FileNotFoundError:
        return []


def header(path):
    kept = []
    for line in read_lines(path):
        if line and not line.startswith('#'):
            break
        kept.append(line)
    return '\n'.join(kept).rstrip('\n') + '\n\n' if kept else ''


def read_must_pass(path=MUST_PASS):
    """-> {module: seconds it took here when it was last recorded}"""
    found = {}
    for line in read_lines(path):
        words = line.partition('#')[0].split()
        if words:
            found[words[0]] = float(words[1]) if len(words) > 1 else 0.0
    return found


def write_must_pass(modules, path=MUST_PASS):
    text = header(path) + ''.join('%s %g\n' % (m, modules[m]) for m in sorted(modules))
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


class Known:
    """A known failure. One marked '~' passes at times, and is not an error when it does."""

    def __init__(self, module, test, reason, flaky=False):
        self.module, self.test, self.reason, self.flaky = module, test, reason, flaky

    def line(self):
        return '%s%s %s  # %s\n' % ('~' if self.flaky else '', self.module, self.test.replace('%', '%25').replace(' ', '%20'),
                                    self.reason)


def read_known_failures(path=KNOWN_FAILURES):
    """-> {(module, id): Known}; raises ValueError for a line without a reason."""
    found = {}
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip() or line.startswith('#'):
            continue
        m = re.fullmatch(r'(~?)(\S+) (\S+)  # (.*\S)', line.rstrip())
        if m is None:
            raise ValueError("%s:%d: wants 'module Class.test  # reason'" % (os.path.basename(path), number))
        test = m.group(3).replace('%20', ' ').replace('%25', '%')
        found[m.group(2), test] = Known(m.group(2), test, m.group(4), bool(m.group(1)))
    return found


def write_known_failures(known, path=KNOWN_FAILURES):
    text = header(path) + ''.join(known[key].line() for key in sorted(known))
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
