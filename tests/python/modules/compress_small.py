# baton-only
# modes: gil=1,gil=0
# Compressing little data again and again doesn't fault the compressor's memory in each time.
# no-dev
import resource
import zlib


def faults(function, *arguments):
    function(*arguments)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(200):
        function(*arguments)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


data = b'hello world ' * 100
assert faults(zlib.compress, data) < 1000, faults(zlib.compress, data)
assert faults(zlib.decompress, zlib.compress(data)) < 1000
