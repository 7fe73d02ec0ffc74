"""Runs a program in a second thread, which the main one waits for: what it costs that objects may have to be locked.

    bench/compare.py --interp "gil=build/release/baton bench/in_second_thread.py" \
        --interp "nogil=build/release/baton -X gil=0 bench/in_second_thread.py" --clock cpu
"""
import os
import runpy
import sys
import threading

STACK_BYTES = 64 << 20


def main():
    program = sys.argv[1]
    del sys.argv[0]
    sys.path[0] = os.path.dirname(os.path.abspath(program))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=runpy.run_path, args=(program,), kwargs={"run_name": "__main__"})
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
