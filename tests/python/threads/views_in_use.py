# A memoryview in use keeps its object from being resized, and stays usable, while other threads make and drop views of theirs.
import array
import io
import threading


def keep_and_resize(make, view_of, resize, refused):
    for _ in range(20):
        owner = make()
        view = view_of(owner)
        try:
            resize(owner)
        except BufferError:
            refused.append(bytes(view[:3]))
        del view
        resize(owner)


KINDS = {
    "BytesIO": (lambda: io.BytesIO(b"abcdef"), io.BytesIO.getbuffer, lambda owner: owner.write(b"x" * 10)),
    "bytearray": (lambda: bytearray(b"abcdef"), memoryview, lambda owner: owner.extend(b"x" * 10)),
    "array": (lambda: array.array("B", b"abcdef"), memoryview, lambda owner: owner.extend(b"x" * 10)),
}
for name, functions in KINDS.items():
    refused = []
    threads = [threading.Thread(target=keep_and_resize, args=(*functions, refused)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(name, len(refused), set(refused))
