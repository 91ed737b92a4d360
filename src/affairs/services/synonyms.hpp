// synonyms.hpp - synonyms.yaml of a pack.
#pragma once
#include <jx/wire.hpp>

#include <string>
#include <vector>

namespace jx::services {

struct SynonymFile {
  std::vector<std::vector<std::string>> groups;
};
BOOST_DESCRIBE_STRUCT(SynonymFile, (), (groups))

}  // namespace jx::services
