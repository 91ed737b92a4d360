# Every library that a module may link, found once for the whole tree: an imported target is known only in the folder that finds it and below.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)
find_package(pugixml REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)

# Debian's packages of these two bring no CMake file that works without their tools.
function(jx_plain_library target header library)
  find_path(${library}_INCLUDE ${header} PATH_SUFFIXES ${ARGN} REQUIRED)
  find_library(${library}_LIBRARY ${library} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${library}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${${library}_INCLUDE})
endfunction()
jx_plain_library(MariaDB::MariaDB mysql.h mariadb mariadb)
jx_plain_library(libzip::zip zip.h zip)
jx_plain_library(xlsxwriter::xlsxwriter xlsxwriter.h xlsxwriter)

# Programs are linked with mimalloc: SQLite, JSON and the engines allocate small pieces all the time, on several threads.
# Not where a sanitizer brings an allocator of its own.
function(jx_allocator target)
  if(NOT JX_SANITIZE)
    find_package(mimalloc 2 REQUIRED)
    target_link_options(${target} PRIVATE -Wl,--no-as-needed)
    target_link_libraries(${target} PRIVATE mimalloc)
  endif()
endfunction()
