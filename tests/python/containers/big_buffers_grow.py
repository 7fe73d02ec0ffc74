# Buffers that grow piece by piece past several megabytes, beside others that do the same: contents stay whole and apart.
# no-stress
import array
import hashlib
import io
import threading


def pieces(seed, count):
    return [bytes([(seed + i) % 251]) * (1000 + 37 * i) for i in range(count)]


def grow(seed, count=300):
    chunks = pieces(seed, count)
    data, text, raw, numbers = io.BytesIO(), io.StringIO(), bytearray(), array.array("B")
    for i, chunk in enumerate(chunks):
        data.write(chunk)
        text.write(chunk.decode("latin-1"))
        raw += chunk
        if i % 50 == 49:
            del raw[:10]  # what begins later in its storage goes on growing
        numbers.extend(chunk)
    whole = b"".join(chunks)
    assert data.getvalue() == whole
    assert text.getvalue() == whole.decode("latin-1")
    assert raw == whole[count // 50 * 10 :]
    assert numbers.tobytes() == whole
    view = data.getbuffer()
    try:
        data.write(b"x")
    except BufferError as e:
        refused = str(e)
    del view
    return refused, hashlib.md5(whole).hexdigest()


print(grow(1))
results = {}
threads = [threading.Thread(target=lambda n=n: results.update({n: grow(n)})) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results.items()))
