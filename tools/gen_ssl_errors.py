#!/usr/bin/env python3
"""Names of OpenSSL's libraries and reasons, from its headers, as tables for modules/ssl_errors.cpp.

    gen_ssl_errors.py INCLUDE_DIRECTORY OUTPUT
"""
import glob
import os
import re
import sys

DEFINE = re.compile(r'#\s*define\s+(\w+)\s+(\w+)')


def libraries(text):
    """name -> number of each ERR_LIB_ constant."""
    found = {}
    for name, value in DEFINE.findall(text):
        if name.startswith('ERR_LIB_') and value.isdigit():
            found[name[8:]] = int(value)
    return found


def main():
    include, output = sys.argv[1:]
    with open(os.path.join(include, 'openssl', 'err.h')) as f:
        numbers = libraries(f.read())
    rows = set()
    for path in glob.glob(os.path.join(include, 'openssl', '*err*.h')):
        with open(path) as f:
            for name, value in DEFINE.findall(f.read()):
                library, _, text = name.partition('_R_')
                if text and library in numbers and value.isdigit():
                    rows.add((numbers[library], int(value), text))
    with open(output, 'w') as f:
        f.write('// Made by tools/gen_ssl_errors.py.\n')
        for name, number in sorted(numbers.items()):
            f.write('SSL_LIBRARY(%d, "%s")\n' % (number, name))
        for library, reason, text in sorted(rows):
            f.write('SSL_REASON(%d, %d, "%s")\n' % (library, reason, text))


if __name__ == '__main__':
    main()
