# Tables generated at build time into ${CMAKE_BINARY_DIR}/generated (never committed).

# Unicode tables from Debian's unicode-data (or another directory with the Unicode character database).
find_program(PYTHON3 NAMES python3.11 python3 REQUIRED)
set(BATON_UNICODE_DATA /usr/share/unicode CACHE PATH "directory of UnicodeData.txt and its companions")
set(unicode_inc "")
foreach(part properties latin1 normalization names)
  list(APPEND unicode_inc ${CMAKE_BINARY_DIR}/generated/unicode_${part}.inc)
endforeach()
add_custom_command(
  OUTPUT ${unicode_inc}
  COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tools/gen_unicode.py ${BATON_UNICODE_DATA} ${CMAKE_BINARY_DIR}/generated
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/gen_unicode.py ${CMAKE_SOURCE_DIR}/tools/ucd_3_2_0_delta.json
          ${BATON_UNICODE_DATA}/UnicodeData.txt
  VERBATIM)
target_sources(baton_base PRIVATE ${unicode_inc})

# Names of OpenSSL's errors, from its headers.
find_path(OPENSSL_INCLUDE openssl/err.h REQUIRED)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/ssl_errors.inc
  COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tools/gen_ssl_errors.py ${OPENSSL_INCLUDE} ${CMAKE_BINARY_DIR}/generated/ssl_errors.inc
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/gen_ssl_errors.py ${OPENSSL_INCLUDE}/openssl/sslerr.h
  VERBATIM)
target_sources(baton_modules PRIVATE ${CMAKE_BINARY_DIR}/generated/ssl_errors.inc)
