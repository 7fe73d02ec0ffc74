# What is run is an audit event that hooks of sitecustomize see.
import os
import subprocess
import sys
import tempfile

os.chdir(tempfile.mkdtemp())
with open("sitecustomize.py", "w") as f:
    f.write("import sys\n"
            "def hook(event, args):\n"
            "    if event.startswith('cpython.run'):\n"
            "        print(event, *[a if isinstance(a, str) else type(a).__name__ for a in args], flush=True)\n"
            "sys.addaudithook(hook)\n")
with open("program.py", "w") as f:
    f.write("print('run')\n")
os.mkdir("folder")
with open("folder/__main__.py", "w") as f:
    f.write("print('run as a folder')\n")
environment = dict(os.environ, PYTHONPATH=os.getcwd(), PYTHONSTARTUP="program.py")
for arguments, given in ((["-c", "print(1)"], ""), (["program.py"], ""), (["-m", "program"], ""), (["folder"], ""),
                         (["-"], "print(2)"), (["-q", "-i"], "3\n"), (["-i", "-c", "4"], "5\n")):
    print(arguments)
    run = subprocess.run([sys.executable, *arguments], input=given, env=environment, capture_output=True, text=True)
    print(run.stdout.replace(os.getcwd(), ''), run.returncode)
