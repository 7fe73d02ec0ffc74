# Numbers in lines of protocol 0 that are none: texts of bytes that aren't UTF-8, and what comes first.
import pickle

for data in (b'I\xff\n.', b'L\xff\n.', b'L\xffL\n.', b'F\xff\n.', b'g\xff\n.', b'p\xff\n.', b'Np\xff\n.', b'Ix\n.', b'Lx\n.', b'gx\n.', b'px\n.', b'Npx\n.',
             b'I\n.', b'L\n.', b'g\n.', b'p\n.', b'Np-1\n.', b'p-1\n.', b'Np1_0\n.', b'g1\n.', b'L' + b'x' * 700 + b'\n.', b'L 5 \n.'):
    try:
        print(data[:20], repr(pickle.loads(data)))
    except Exception as e:
        print(data[:20], type(e).__name__, str(e)[:150])
