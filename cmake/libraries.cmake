# External libraries of the native modules, each with the module that needs it.
# The static forms where there are some: each shared library costs every start its mappings and relocations.
find_library(BATON_ZLIB NAMES libz.a z REQUIRED)  # zlib
list(APPEND BATON_LINK ${BATON_ZLIB})
find_library(BATON_BZ2 NAMES libbz2.a bz2 REQUIRED)  # _bz2
list(APPEND BATON_LINK ${BATON_BZ2})
find_library(BATON_LZMA NAMES liblzma.a lzma REQUIRED)  # _lzma
list(APPEND BATON_LINK ${BATON_LZMA})
find_library(BATON_FFI NAMES libffi.a ffi REQUIRED)  # _ctypes
list(APPEND BATON_LINK ${BATON_FFI})
find_library(BATON_EXPAT NAMES libexpat.a expat REQUIRED)  # pyexpat
list(APPEND BATON_LINK ${BATON_EXPAT})
find_library(BATON_SQLITE NAMES libsqlite3.a sqlite3 REQUIRED)  # _sqlite3
list(APPEND BATON_LINK ${BATON_SQLITE})

# Libraries that are opened when first needed (base/on_demand.h): only the name under which the loader finds them is compiled in.
function(baton_on_demand id library)
  find_library(ON_DEMAND_${id} ${library} REQUIRED)
  file(READ ${ON_DEMAND_${id}} magic LIMIT 4 HEX)
  if(magic STREQUAL 7f454c46)
    execute_process(COMMAND objdump -p ${ON_DEMAND_${id}} OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCH "SONAME +([^ \n]+)" found "${headers}")
  else()  # a linker's script: INPUT(libname.so.1 ...)
    file(READ ${ON_DEMAND_${id}} headers)
    string(REGEX MATCH "\\([ ]*([^ )]+)" found "${headers}")
  endif()
  set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_DEFINITIONS BATON_SONAME_${id}="${CMAKE_MATCH_1}")
endfunction()
baton_on_demand(CRYPTO crypto src/modules/openssl_imports.cpp src/modules/digest_list.cpp)  # _hashlib, _ssl
baton_on_demand(CRYPT crypt src/modules/_crypt.cpp)  # _crypt
baton_on_demand(DB db src/modules/_dbm.cpp)                     # _dbm
baton_on_demand(SSL ssl src/modules/openssl_imports.cpp)        # _ssl
baton_on_demand(EDIT edit src/modules/readline.cpp)             # readline
baton_on_demand(NCURSESW ncursesw src/modules/_curses.cpp)       # _curses
baton_on_demand(PANELW panelw src/modules/_curses_panel.cpp)    # _curses_panel
