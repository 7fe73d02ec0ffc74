# A file EXECUTABLE._pth is all that decides sys.path: no environment, no site unless it says so.
import os
import subprocess
import sys
import tempfile

directory = os.path.realpath(tempfile.mkdtemp())
program = os.path.join(directory, "interpreter")
os.symlink(os.path.realpath(sys.executable), program)
library = os.path.dirname(os.__file__)
environment = dict(os.environ, PYTHONPATH="/from/the/environment", PYTHONHOME="/nowhere")


def run(lines, *arguments):
    with open(program + "._pth", "w") as f:
        f.write(lines)
    r = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    return r.stdout.replace(directory, "HERE").replace(library, "LIBRARY") + r.stderr


show = ("import sys; print(sys.path, sys.prefix == sys.base_prefix, sys.prefix, sys.flags.no_site, sys.flags.isolated, "
        "sys.flags.ignore_environment, sys.flags.safe_path)")
print(run(f"# a remark\n{library}  # the library\n\n.\nsub/../other\r\n..", "-c", show).replace(os.path.dirname(directory), "UP"))
print(run(f"{library}\nimport site\n", "-c", "import sys; print(sys.flags.no_site, sys.path[0], 'site' in sys.modules)"))
with open(os.path.join(directory, "program.py"), "w") as f:
    f.write("import sys; print(sys.path, __name__)\n")
print(run(f"{library}\n", os.path.join(directory, "program.py")))
