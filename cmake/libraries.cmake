# External libraries of the native modules, each with the module that needs it.
find_library(ZLIB z REQUIRED)  # zlib
list(APPEND BATON_LINK ${ZLIB})
