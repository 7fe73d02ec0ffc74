# Rule 4.4: a multiprocessing.RLock held across fork is not owned by the child.
import multiprocessing
import multiprocessing.synchronize


def child(lock, channel):
    channel.send((lock._semlock._is_mine(), lock._semlock._count(), lock.acquire(timeout=0.05)))


def main():
    context = multiprocessing.get_context('fork')
    lock = context.RLock()
    lock.acquire()
    lock.acquire()
    mine, theirs = context.Pipe()
    p = context.Process(target=child, args=(lock, theirs))
    p.start()
    print(mine.recv())
    p.join()
    assert p.exitcode == 0 and lock._semlock._count() == 2
    lock.release()
    lock.release()
    try:
        lock.release()
    except (AssertionError, ValueError) as e:
        print(type(e).__name__, e)


if __name__ == '__main__':
    main()
