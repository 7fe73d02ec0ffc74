
import sys, os, time, threading, multiprocessing, concurrent.futures as cf
def nap(n):
    try:
        time.sleep(n)
    except KeyboardInterrupt:
        pass
    return n
def ready():
    print('ready', flush=True)
if __name__ == '__main__':
    multiprocessing.set_start_method('fork')

    threading.Thread(target=time.sleep, args=(60,)).start()
    ready()
    time.sleep(60)
