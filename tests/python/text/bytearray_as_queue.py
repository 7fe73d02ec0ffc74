# A bytearray that is added to behind and deleted from in front holds what a plain bytes would, whatever the pieces.
import random

random.seed(9)
for round in range(60):
    queue, model, serial = bytearray(), b'', 0
    for _ in range(400):
        size = random.choice((0, 1, 3, 50, 300, 5000 if round % 4 == 0 else 20))
        action = random.randrange(8)
        if action < 3:
            piece = bytes((serial + i) & 0xFF for i in range(size))
            serial += size
            if action == 0:
                queue += piece
            elif action == 1:
                queue.extend(piece)
            else:
                queue.extend(bytearray(piece))
            model += piece
        elif action < 6:
            size = min(size, len(model)) if action < 5 else len(model)
            taken = bytes(memoryview(queue)[:size])
            del queue[:size]
            assert taken == model[:size]
            model = model[size:]
        elif action == 6:
            queue.append(size & 0xFF)
            model += bytes([size & 0xFF])
        else:
            queue[:0] = b'front'
            model = b'front' + model
        assert queue == model and len(queue) == len(model) and queue[-1:] == model[-1:]

queue = bytearray(b'x' * 1000)
del queue[:900]
view = memoryview(queue)
try:
    queue += b'y' * 500
except BufferError as error:
    print(error, bytes(view[:3]))
view.release()
queue += b'y' * 500
print(len(queue), queue[:3], queue[100:103])
queue.extend(queue)
queue *= 2
print(len(queue), queue.count(b'x'), queue.count(b'y'))
