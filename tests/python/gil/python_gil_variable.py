# PYTHON_GIL and -X gil choose whether there is a GIL; sys._is_gil_enabled() tells; the option wins over the variable.
# baton-only
# modes: gil=1
import os
import subprocess
import sys

ASK = 'import sys; print(sys._is_gil_enabled())'


def ask(variable, *options):
    env = dict(os.environ)
    if variable is not None:
        env['PYTHON_GIL'] = variable
    p = subprocess.run([sys.executable, *options, '-c', ASK], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
    return p.returncode, p.stdout.decode().strip(), p.stderr.decode()


assert ask(None) == (0, 'True', ''), ask(None)
assert ask('0') == (0, 'False', '') and ask('1') == (0, 'True', '')
assert ask(None, '-X', 'gil=0') == (0, 'False', '')
assert ask('0', '-X', 'gil=1') == (0, 'True', '') and ask('1', '-X', 'gil=0') == (0, 'False', '')
assert ask('0', '-E') == (0, 'True', ''), ask('0', '-E')
status, out, err = ask('maybe')
assert status and 'PYTHON_GIL must be "0" or "1"' in err, (status, out, err)
