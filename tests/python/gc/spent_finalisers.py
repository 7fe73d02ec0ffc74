# A process that ends collects only if there is a finaliser with something left to do: not for what the library has closed.
# baton-only
# no-stress
import subprocess
import sys

HEAD = '''
import asyncio, concurrent.futures, gc, multiprocessing, os, socket, subprocess, tempfile, warnings, zipfile
warnings.simplefilter('always')
if __name__ == '__main__':
'''
# None of these has anything left to do.
SPENT = '''
subprocess.run(['true'])
try: subprocess.Popen(['/nonexistent'])
except OSError: pass
''', '''
with concurrent.futures.ThreadPoolExecutor(2) as executor: executor.submit(int).result()
''', '''
async def main(): await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))
asyncio.run(main())
''', '''
with tempfile.TemporaryDirectory() as directory:
    with zipfile.ZipFile(directory + '/z', 'w') as z: z.writestr('a', 'b')
    with tempfile.NamedTemporaryFile() as file: file.write(b'x')
    for entry in os.scandir(directory): pass
    with os.scandir(directory): pass
''', '''
process = multiprocessing.get_context('fork').Process(target=int)
process.start()
process.join()
''', '''
one, other = multiprocessing.Pipe()
one.send(1)
''', '''
async def main():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await reader.read()
    writer.close()
    await writer.wait_closed()
    server.close()
    process = await asyncio.create_subprocess_exec('true')
    await process.wait()
    await asyncio.sleep(0.2)
asyncio.run(main())
'''
# These have, or their classes are the program's.
BUSY = ('process = subprocess.Popen(["sleep", "0.2"])', 'ResourceWarning: subprocess'), ('''
class Watched(subprocess.Popen):
    def _internal_poll(self, **arguments): print('polled')
process = Watched(['true'])
process.wait()
del process
''', 'polled'), ('''
class Watched(asyncio.SelectorEventLoop):
    def is_closed(self):
        print('asked')
        return super().is_closed()
loop = Watched()
loop.close()
''', 'asked'), ('loop = asyncio.new_event_loop()', 'ResourceWarning: unclosed event loop'), ('''
class Watched(asyncio.SelectorEventLoop):
    def __del__(self): print('deleted')
loop = Watched()
loop.close()
''', 'deleted'), ('directory = os.scandir(".")', 'ResourceWarning: unclosed scandir iterator'), ('''
def suspended():
    try: yield
    finally: print('closed')
generator = suspended()
next(generator)
''', 'closed')


def run(text):
    body = ''.join('    ' + line + '\n' for line in (text.strip() + '\ngc.set_debug(gc.DEBUG_STATS)').split('\n'))
    with open('program.py', 'w') as f:
        f.write(HEAD + body)
    return subprocess.run([sys.executable, 'program.py'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


for text in SPENT:
    shown = run(text)
    assert 'generation 2' not in shown and 'Warning' not in shown and 'Traceback' not in shown, (text, shown)
for text, wanted in BUSY:
    shown = run(text)
    assert wanted in shown and 'generation 2' in shown, (text, shown)
