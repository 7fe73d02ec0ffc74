# While what modules kept alive is finalised, nothing can be imported that isn't there, sys has its own streams again, and what they
# were replaced by is finalised too. Tasks and decimals need no import to be shown.
import re
import subprocess
import sys

PROGRAMS = '''
import io, sys
class Late:
    def __del__(self):
        print(sys.meta_path, sys.path, sys.path_hooks, sys.path_importer_cache, sys.argv, sys.last_traceback, sys.ps1)
        print(sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)
        for name in 'colorsys', 'json.tool':
            try:
                __import__(name)
            except ImportError as e:
                print(e)
class Kept(io.StringIO):
    def __del__(self):
        sys.__stdout__.write('replaced stream\\n')
late = Late()
sys.stdout = Kept()
print('lost')
''', '''
import sys
class Local:
    def __del__(self):
        print('local of a traceback')
def fail():
    local = Local()
    raise ValueError
try:
    fail()
except ValueError as e:
    sys.last_traceback = e.__traceback__
    sys.last_value = e
''', '''
import decimal
class Late:
    def __del__(self, D=decimal.Decimal):
        print(D('1.25').as_tuple(), D('1.25') + 1)
late = Late()
''', '''
import asyncio
class Late:
    def __del__(self):
        print(repr(self.future), repr(self.task)[:20])
late = Late()
async def main():
    late.future = asyncio.get_running_loop().create_future()
    late.future.set_result(3)
    late.task = asyncio.create_task(asyncio.sleep(0))
    await late.task
asyncio.run(main())
'''
for program in PROGRAMS:
    with open('program.py', 'w') as f:
        f.write(program)
    shown = subprocess.run([sys.executable, 'program.py'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    print(re.sub('0x[0-9a-f]+|"[^"]+"', '...', shown))
