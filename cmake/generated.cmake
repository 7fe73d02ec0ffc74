# Tables generated at build time into ${CMAKE_BINARY_DIR}/generated (never committed).
