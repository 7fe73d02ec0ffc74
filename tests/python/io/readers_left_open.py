# What becomes at the end of the process of streams that read from a descriptor they don't own, or do: the offset that other
# processes share, and warnings.
import os
import subprocess
import sys
import tempfile

CODE = '''
import io, os, sys
fd, how, owns, mode = int(sys.argv[1]), sys.argv[2], sys.argv[3] == 'owns', sys.argv[4]
kept = open(fd, mode, closefd=owns)
if how != 'nothing':
    kept.read(3 if how == 'some' else -1)
if how == 'replaced':
    sys.stdin = kept
'''
with tempfile.TemporaryFile() as f:
    f.write(b'abcdefgh\n' * 10)
    f.flush()
    for owns in ['borrows', 'owns']:
        for how in ['nothing', 'some', 'all'] + ['replaced'] * (owns == 'borrows'):
            for mode in ['r', 'rb', 'r+b']:
                os.lseek(f.fileno(), 0, os.SEEK_SET)
                done = subprocess.run([sys.executable, '-W', 'always::ResourceWarning', '-c', CODE, str(f.fileno()), how, owns, mode],
                                      pass_fds=[f.fileno()], stdin=subprocess.DEVNULL, capture_output=True, text=True)
                warned = 'ResourceWarning: unclosed' in done.stderr
                print(owns, how, mode, done.returncode, os.lseek(f.fileno(), 0, os.SEEK_CUR), warned)
