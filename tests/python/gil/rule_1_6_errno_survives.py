# Rule 1.6: taking the GIL keeps errno: every failing system call reports its own error, whatever other threads do.
import errno
import os
from _tools import Hog, together


def failing(index):
    wrong = 0
    for _ in range(300):
        try:
            os.stat('does not exist')
        except OSError as e:
            wrong += e.errno != errno.ENOENT
        try:
            os.read(9999, 1)
        except OSError as e:
            wrong += e.errno != errno.EBADF
        try:
            os.rmdir('/')
        except OSError as e:
            wrong += e.errno not in (errno.EBUSY, errno.EACCES, errno.EPERM, errno.ENOTEMPTY)
    return wrong


with Hog(1):
    assert together(failing, 4) == [0, 0, 0, 0]
