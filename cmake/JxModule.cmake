# jx_module(<layer>/<name>
#   USES  <layer>/<name>...   the modules it may include from; at or below its own layer, declared before it
#   LINKS <target>...         third-party targets its public headers need
#   PRIVATE_LINKS <target>... third-party targets only its own files need
#   TEST_USES <layer>/<name>... modules that only its tests include
#   UNITY <n>                 compile n of its files as one: for many small files that all read the same large headers
#   APART <file>...           but these by themselves, whose private names others have too
# )
# A module is the folder of the CMakeLists.txt that calls this:
#   include/            what others may see        *.cpp          the module
#   *_test.cpp          its tests                  *_fuzz.cpp     one libFuzzer target each
#   sql/*.sql           named queries              sql/migrations/NNNN_*.sql   its tables
# Refused while configuring: an upward or unknown use. Refused while building (tools/layers.py): an #include of a module that is not in USES.

set(JX_LAYERS base engine affairs edge app)

# The precompiled headers (g++ only; clang reads the headers themselves): half of a small file's compile time otherwise.
option(JX_PCH "Precompile the headers that most files include" ON)
if(JX_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND TARGET Boost::json)
  add_compile_options(-fpch-preprocess)
  add_library(jx_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
  target_link_libraries(jx_pch PRIVATE Boost::json Threads::Threads)
  target_precompile_headers(jx_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.hpp)
  if(TARGET GTest::gmock)
    add_library(jx_pch_test OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
    target_link_libraries(jx_pch_test PRIVATE Boost::json GTest::gmock Threads::Threads)
    target_compile_options(jx_pch_test PRIVATE $<$<CONFIG:Release>:-O0>)
    target_precompile_headers(jx_pch_test PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_test.hpp)
  endif()
endif()

function(jx_module module)
  cmake_parse_arguments(M "" "UNITY" "USES;LINKS;PRIVATE_LINKS;TEST_USES;APART" ${ARGN})
  jx_split(${module} layer name)
  set(target jx_${layer}_${name})

  foreach(use IN LISTS M_USES M_TEST_USES)
    jx_check_use(${module} ${use})
  endforeach()

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp ${CMAKE_CURRENT_SOURCE_DIR}/include/jx/*.hpp
    ${CMAKE_CURRENT_SOURCE_DIR}/include/jx/*/*.hpp)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  set(own_files ${sources} ${headers})

  set(link_uses "")
  foreach(use IN LISTS M_USES)
    jx_split(${use} use_layer use_name)
    list(APPEND link_uses jx_${use_layer}_${use_name})
  endforeach()

  jx_embed_sql(${module} ${layer} ${name} generated)

  if(sources OR generated)
    add_library(${target} STATIC ${sources} ${generated})
    set(scope PUBLIC)
    if(M_UNITY)
      set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${M_UNITY})
      set_source_files_properties(${M_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(${target} ${scope} ${link_uses} ${M_LINKS} Threads::Threads)
  if(generated)
    target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/gen/${module}/include)
    target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/gen/${module})
  endif()
  if(scope STREQUAL PUBLIC)
    target_link_libraries(${target} PRIVATE ${M_PRIVATE_LINKS})
    if(TARGET jx_pch)
      target_precompile_headers(${target} REUSE_FROM jx_pch)
    endif()
  endif()
  set_property(GLOBAL APPEND PROPERTY JX_DECLARED ${module})

  # The includes of every file are held against USES; the stamp makes the check run only when a file changed.
  set(stamp ${CMAKE_BINARY_DIR}/layers/${layer}_${name}.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/layers.py --module ${module} --uses "${M_USES}" --test-uses "${M_TEST_USES}"
      --stamp ${stamp} ${own_files} ${tests} ${fuzzers}
    DEPENDS ${own_files} ${tests} ${fuzzers} ${CMAKE_SOURCE_DIR}/tools/layers.py
    COMMENT "Layers of ${module}" VERBATIM)
  add_custom_target(${target}_layers ALL DEPENDS ${stamp})
  if(scope STREQUAL PUBLIC)
    add_dependencies(${target} ${target}_layers)
  endif()

  set(test_uses "")
  foreach(use IN LISTS M_TEST_USES)
    jx_split(${use} use_layer use_name)
    list(APPEND test_uses jx_${use_layer}_${use_name})
  endforeach()
  if(JX_TESTS AND tests)
    add_executable(test_${layer}_${name} ${tests})
    target_link_libraries(test_${layer}_${name} PRIVATE ${target} ${test_uses} ${M_PRIVATE_LINKS} GTest::gmock GTest::gtest_main)
    target_include_directories(test_${layer}_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_BINARY_DIR}/gen/${module})
    target_compile_definitions(test_${layer}_${name} PRIVATE JX_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_compile_options(test_${layer}_${name} PRIVATE $<$<CONFIG:Release>:-O0>)  # what is tested is optimised; GoogleTest's macros need not be
    if(TARGET jx_pch_test)
      target_precompile_headers(test_${layer}_${name} REUSE_FROM jx_pch_test)
    endif()
    add_test(NAME ${module} COMMAND test_${layer}_${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
  foreach(file IN LISTS fuzzers)
    get_filename_component(fuzz ${file} NAME_WE)
    jx_fuzzer(${fuzz} ${file} ${target} ${test_uses})
  endforeach()
endfunction()

# One fuzz target: with libFuzzer where JX_FUZZ is on, else a program that replays the files of a corpus folder.
function(jx_fuzzer name file)
  if(JX_FUZZ)
    add_executable(${name} ${file})
    target_link_libraries(${name} PRIVATE ${ARGN})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  elseif(JX_TESTS)
    add_executable(${name} ${file} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp)
    target_link_libraries(${name} PRIVATE ${ARGN})
    add_test(NAME fuzz/${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
  if(TARGET ${name})
    target_compile_definitions(${name} PRIVATE JX_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  endif()
endfunction()

# sql/*.sql -> <name>_sql.hpp (private: the queries) and jx/<name>/sql.hpp (public: sql_bundle(), for wiring and tests).
function(jx_embed_sql module layer name result)
  file(GLOB queries CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql)
  file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/migrations/*.sql)
  set(${result} "" PARENT_SCOPE)
  if(queries OR migrations)
    set(out ${CMAKE_BINARY_DIR}/gen/${module})
    add_custom_command(OUTPUT ${out}/${name}_sql.cpp ${out}/${name}_sql.hpp ${out}/include/jx/${name}/sql.hpp
      COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed_sql.py --module ${name} --out ${out} ${queries} ${migrations}
      DEPENDS ${queries} ${migrations} ${CMAKE_SOURCE_DIR}/tools/embed_sql.py
      COMMENT "SQL of ${module}" VERBATIM)
    set(${result} ${out}/${name}_sql.cpp ${out}/${name}_sql.hpp ${out}/include/jx/${name}/sql.hpp PARENT_SCOPE)
  endif()
endfunction()

function(jx_split module layer name)
  if(NOT module MATCHES "^([a-z]+)/([a-z_]+)$")
    message(FATAL_ERROR "jx_module: '${module}' is not <layer>/<name>")
  endif()
  set(${layer} ${CMAKE_MATCH_1} PARENT_SCOPE)
  set(${name} ${CMAKE_MATCH_2} PARENT_SCOPE)
  if(NOT CMAKE_MATCH_1 IN_LIST JX_LAYERS)
    message(FATAL_ERROR "jx_module: '${module}': no layer '${CMAKE_MATCH_1}'; the layers are ${JX_LAYERS}")
  endif()
endfunction()

function(jx_check_use module use)
  jx_split(${module} layer name)
  jx_split(${use} use_layer use_name)
  list(FIND JX_LAYERS ${layer} own)
  list(FIND JX_LAYERS ${use_layer} other)
  if(other GREATER own)
    message(FATAL_ERROR "jx_module: ${module} may not use ${use}: '${use_layer}' lies above '${layer}' (dependencies point down: ${JX_LAYERS})")
  endif()
  get_property(declared GLOBAL PROPERTY JX_DECLARED)
  if(NOT use IN_LIST declared)
    message(FATAL_ERROR "jx_module: ${module} uses ${use}, which is not declared before it (a missing module, or a cycle)")
  endif()
endfunction()
