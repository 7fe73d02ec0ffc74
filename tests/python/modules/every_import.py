# baton-only
# no-stress
# timeout: 180
# Every module of the standard library can be imported, but for those in _missing_modules.txt beside this file, which name the
# native module they lack. A module that is listed and can be imported is told, so that its line goes. Parts of the library that
# Debian has in packages of their own (ensurepip, distutils) may be absent.
import importlib
import os
import sys
import warnings

warnings.simplefilter("ignore")
here = os.path.dirname(os.path.abspath(__file__))
missing = {}
with open(os.path.join(here, "_missing_modules.txt"), encoding="utf-8") as f:
    for line in f:
        if line.strip() and not line.startswith("#"):
            name, reason = line.strip().split(": ", 1)
            missing[name] = reason

# Modules that do something when imported, belong to another system, or are no modules of the library.
SKIPPED = {"antigravity", "this", "__main__", "idlelib", "tkinter", "turtle", "turtledemo", "msilib", "winreg", "winsound", "_winapi", "msvcrt", "nt",
           "_msi", "_overlapped", "_scproxy", "_osx_support", "nturl2path"}
SEPARATE_PACKAGES = {"ensurepip", "distutils", "lib2to3"}
SUBMODULES = """asyncio.subprocess asyncio.taskgroups collections.abc concurrent.futures.process concurrent.futures.thread
    ctypes.util curses.ascii curses.panel curses.textpad dbm.dumb dbm.gnu dbm.ndbm distutils.core email.message email.mime.text
    email.parser email.policy encodings.idna http.client http.cookiejar http.cookies http.server importlib.metadata
    importlib.resources json.tool logging.config logging.handlers multiprocessing.dummy multiprocessing.managers
    multiprocessing.pool multiprocessing.shared_memory multiprocessing.synchronize os.path test.support unittest.mock
    urllib.error urllib.parse urllib.request urllib.robotparser wsgiref.simple_server wsgiref.validate xml.dom.minidom
    xml.dom.pulldom xml.etree.ElementTree xml.parsers.expat xml.sax xmlrpc.client xmlrpc.server""".split()


def is_native(name):
    return name.startswith("_") and name not in sys.builtin_module_names and not os.path.exists(
        os.path.join(os.path.dirname(os.__file__), name + ".py")) and not os.path.isdir(
        os.path.join(os.path.dirname(os.__file__), name))


failures = []
checked = 0
for name in sorted(sys.stdlib_module_names) + SUBMODULES:
    if name in SKIPPED or is_native(name):
        continue
    checked += 1
    try:
        importlib.import_module(name)
    except Exception as e:
        text = f"{type(e).__name__}: {e}"
        if isinstance(e, ModuleNotFoundError) and e.name and e.name.split(".")[0] in SEPARATE_PACKAGES:
            continue
        if name not in missing or missing[name] not in text or not isinstance(e, ImportError):
            failures.append(f"{name}: {text}")
    else:
        if name in missing:
            print(f"{name} can be imported now: its line goes from _missing_modules.txt", file=sys.stderr)

assert checked > 250, checked
assert not failures, "\n".join(failures)
