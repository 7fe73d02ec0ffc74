# A memoryview that is empty and has a stride of its own does not call itself contiguous, and cannot be cast; its bytes can be had.
b = bytearray(range(14))
for view in (memoryview(b)[9:2:5], memoryview(b)[20::5], memoryview(b)[5:5], memoryview(b)[3:4:7], memoryview(b"")[::2], memoryview(b)[::2],
             memoryview(b)[3:3:-1], memoryview(b)[:12].cast("h", (2, 3)), memoryview(b)[:12].cast("i", (1, 3))):
    print(view.shape, view.strides, view.contiguous, view.c_contiguous, view.f_contiguous, view.tobytes(), bytes(view))
    for cast in ("B", "c", "i"):
        try:
            print(cast, view.cast(cast).shape)
        except TypeError as error:
            print(cast, error)
