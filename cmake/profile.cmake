# Profile-guided optimisation. cmake/profile.xz holds how often each block of each function ran in the programs of tools/profile.
# Functions that changed since, or are new, are compiled without; so is all where the compiler is another one.
if(BATON_PROFILE STREQUAL "record")
  add_compile_options(-fprofile-generate)
  add_link_options(-fprofile-generate)
  add_compile_definitions(BATON_RECORDS_PROFILE=1)
elseif(BATON_PROFILE STREQUAL "use" AND EXISTS ${CMAKE_SOURCE_DIR}/cmake/profile.xz
       AND CMAKE_CXX_COMPILER_VERSION MATCHES "^19\\.")
  find_program(PYTHON3 NAMES python3.11 python3 REQUIRED)
  execute_process(COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tools/profile --unpack ${CMAKE_BINARY_DIR}/baton.profdata
                  RESULT_VARIABLE unpacked)
  if(unpacked EQUAL 0)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/profile.xz)
    # Another profile is another command line: ninja compiles anew.
    file(SHA256 ${CMAKE_BINARY_DIR}/baton.profdata profile_id)
    string(SUBSTRING ${profile_id} 0 16 profile_id)
    add_compile_definitions(BATON_PROFILE_ID=${profile_id})
    # Relative to the build directory, so that ccache's results serve every checkout.
    add_compile_options(-fprofile-use=baton.profdata -Wno-profile-instr-out-of-date -Wno-profile-instr-unprofiled
                        -Wno-backend-plugin)
  endif()
endif()
