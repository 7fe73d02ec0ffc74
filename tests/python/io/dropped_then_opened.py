# A file that was dropped unwritten and is opened for writing again, or cut: what was written first is not what stays.
import csv
import os
import tempfile

directory = tempfile.mkdtemp()
path = os.path.join(directory, 'file')


def content():
    with open(path, 'rb') as f:
        return f.read()


def drop(text, mode='w'):
    open(path, mode).write(text)


drop('the first, longer text')
with open(path, 'w') as f:
    f.write('second')
print(content())

drop('dropped')
with open(path, 'wb', buffering=5) as f:
    pass
print(content())

drop('dropped')
with open(path, 'wb', buffering=0) as f:
    f.write(b'raw')
print(content())

drop('dropped')
descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
os.write(descriptor, b'os')
os.close(descriptor)
print(content())

drop('dropped')
os.truncate(path, 4)
print(content())

drop('dropped')
with open(path, 'r+') as f:
    f.truncate(3)
print(content())

drop('dropped')
descriptor = os.open(path, os.O_WRONLY)
os.ftruncate(descriptor, 2)
os.close(descriptor)
print(content())

drop('one ')
drop('two ', 'a')
drop('three ', 'a')
with open(path, 'a') as f:
    f.write('four')
print(content())

drop('dropped')
os.unlink(path)
with open(path, 'x') as f:
    f.write('new')
print(content())

os.chdir(directory)
drop('dropped, by another name')
with open('file', 'w', opener=lambda name, flags: os.open(name, flags)) as f:
    f.write('relative')
print(content())

for i in range(20):
    drop('x' * (40 - i))
print(len(content()))

csv.writer(open(path, 'w')).writerow([1, 2])
print(content())
print('printed', file=open(path, 'w'))
print(content())
try:
    open(path, 'w').write(None)
except TypeError as error:
    print(error)

os.unlink(path)
os.rmdir(directory)
