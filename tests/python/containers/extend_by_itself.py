# Extending a container by itself, also one of a subclass: what it holds at that moment.
import array
import collections


class SubList(list):
    pass


for make in (list, SubList, collections.deque, lambda items: array.array("i", items)):
    items = make([1, 2])
    items += items
    items.extend(items)
    print(list(items))
items = SubList("ab")
items[1:1] = items
print(items)

text = bytearray(b"abc")
try:
    text += text
except BufferError as e:
    print(e)
text.extend(text)
text[1:2] = text
print(text)
empty = bytearray()
empty += empty
print(empty)
