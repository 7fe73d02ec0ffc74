# -X options that need a value are refused without one, before the program runs; those that have one do their work.
# baton-only
# modes: gil=1
import subprocess
import sys

for option in 'timeline', 'timeline=', 'why_alive', 'why_alive=', 'gil_policy', 'gil':
    p = subprocess.run([sys.executable, '-X', option, '-c', 'print(1)'], capture_output=True, text=True, timeout=40)
    print(option, p.returncode != 0, p.stdout == '', p.stderr.splitlines()[0])
# expect: timeline True True Fatal Python error: config_init_timeline: -X timeline needs a file: -X timeline=FILE
# expect: timeline= True True Fatal Python error: config_init_timeline: -X timeline needs a file: -X timeline=FILE
# expect: why_alive True True Fatal Python error: config_init_why_alive: -X why_alive needs the name of a type: -X why_alive=TYPE
# expect: why_alive= True True Fatal Python error: config_init_why_alive: -X why_alive needs the name of a type: -X why_alive=TYPE
# expect: gil_policy True True baton: -X gil_policy must be fair, cpython, fifo or seeded, not ''
# expect: gil True True Fatal Python error: config_read_gil: PYTHON_GIL / -X gil must be "0" or "1"
