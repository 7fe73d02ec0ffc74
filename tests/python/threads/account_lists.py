# Lists of the user and group databases are whole, also where threads make them side by side: the C library has one position.
import grp
import pwd
import threading

users, groups = pwd.getpwall(), grp.getgrall()
partial = []


def list_all(times):
    for _ in range(times):
        if pwd.getpwall() != users or grp.getgrall() != groups:
            partial.append(1)


threads = [threading.Thread(target=list_all, args=(100,)) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(partial), pwd.getpwuid(0) in users, grp.getgrgid(0) in groups)
