# Compiler, warnings, sanitizers, cache and linker: what every target of the tree is built with.

find_program(JX_CCACHE ccache)
if(JX_CCACHE)
  # What ccache asks for to keep files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${JX_CCACHE})
endif()

find_program(JX_MOLD mold)
if(JX_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside std::variant, std::string and std::expected where nothing is wrong.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
    -Wno-stringop-overread -Wno-dangling-pointer -Wno-missing-field-initializers)
else()
  add_compile_options(-Wno-missing-field-initializers)
endif()
if(JX_WERROR)
  add_compile_options(-Werror)
endif()

if(JX_SANITIZE)
  add_compile_options(-fsanitize=${JX_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${JX_SANITIZE})
endif()
if(JX_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Boost's own definitions, the same for every file, so that one precompiled header serves all of them.
add_compile_definitions(BOOST_CONTAINER_DYN_LINK BOOST_CONTAINER_NO_LIB BOOST_JSON_DYN_LINK BOOST_JSON_NO_LIB)

# Assertions stay on in every build type: they hold invariants, never user input.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
