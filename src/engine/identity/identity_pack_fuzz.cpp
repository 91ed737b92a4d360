// Any octets as one of identity's files of a pack: reading and checking it must not crash, and what has no errors must be a pack's contents.
#include <jx/identity.hpp>

#include <array>
#include <cstdint>

namespace {

class AnyCondition final : public jx::identity::Conditions {
 public:
  jx::Result<> check(std::string_view) const override { return {}; }
  bool holds(std::string_view, const boost::json::object&) const override { return true; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array files{"accounts.yaml", "divisions.yaml", "firms.csv",  "mandates.yaml",
                                    "people.csv",    "posts.yaml",     "roles.yaml", "units.yaml"};
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);  // NOLINT(*-reinterpret-cast)
  const auto pack = jx::pack::Pack::of(
      {{"pack.yaml", "key: x\nname: {en: X}\nversion: '1'\nlanguages: [en]\nzone: UTC\ncalendar: cn\n"}, {files[data[0] % files.size()], text}});
  if (!pack) return 0;
  static const AnyCondition conditions;
  static const auto part = jx::identity::pack_part(conditions);
  jx::pack::Names names;
  jx::pack::Findings findings;
  part->declare(*pack, names, findings);
  part->check(*pack, names, findings);
  return 0;
}
