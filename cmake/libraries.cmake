# External libraries of the native modules, each with the module that needs it.
find_library(ZLIB z REQUIRED)  # zlib
list(APPEND BATON_LINK ${ZLIB})
find_library(BZ2 bz2 REQUIRED)  # _bz2
list(APPEND BATON_LINK ${BZ2})
find_library(LZMA lzma REQUIRED)  # _lzma
list(APPEND BATON_LINK ${LZMA})
find_library(CRYPT crypt REQUIRED)  # _crypt
list(APPEND BATON_LINK ${CRYPT})
find_library(EXPAT NAMES libexpat.a expat REQUIRED)  # pyexpat
list(APPEND BATON_LINK ${EXPAT})
find_library(SQLITE sqlite3 REQUIRED)  # _sqlite3
list(APPEND BATON_LINK ${SQLITE})
