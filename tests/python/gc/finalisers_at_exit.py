# What is dead when the program ends is finalised first, then what only the main module keeps alive: as its globals have it, the
# nearest first. What finalisers of the latter raise is shown without source lines.
import re
import subprocess
import sys

PROGRAM = '''
import sys
class Noisy:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print('del', self.name, flush=True)
        if self.raises:
            raise ValueError(self.name)
    raises = False
def leave_a_cycle():
    one, other = Noisy('one of the dead'), Noisy('other of the dead')
    one.other, other.one = other, one
    one.raises = True
second = None
first = Noisy('first')
second = Noisy('second, bound again')
_third = Noisy('third')
_third.raises = True
in_list = [Noisy('in list, 0'), Noisy('in list, 1')]
in_dict = {'a': Noisy('in dict, a'), 'b': Noisy('in dict, b')}
in_tuple = Noisy('in tuple, 0'), Noisy('in tuple, 1')
referring = Noisy('referring')
referring.to = Noisy('referred to')
ring, of_two = Noisy('ring'), Noisy('of two')
ring.next, of_two.next = of_two, ring
class Holder:
    held = Noisy('held by a class')
def with_default(held=Noisy('held by a function')):
    pass
leave_a_cycle()
print('end', flush=True)
'''

PENDING = '''
import asyncio
async def wait():
    await asyncio.sleep(100)
loop = asyncio.new_event_loop()
loop.set_exception_handler(lambda loop, context: print(context['message'], 'done' if 'done' in repr(context['task']) else ''))
task = loop.create_task(wait())
loop.run_until_complete(asyncio.sleep(0))
'''

for program in PROGRAM, PENDING:
    with open('program.py', 'w') as f:
        f.write(program)
    print(re.sub('0x[0-9a-f]+|"[^"]+"', '...', subprocess.run([sys.executable, 'program.py'], stdout=subprocess.PIPE,
                                                          stderr=subprocess.STDOUT, text=True).stdout))
