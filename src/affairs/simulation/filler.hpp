// filler.hpp - a form filled in as somebody would: from the plan's values where it has some, else from what the schema allows.
#pragma once
#include "dice.hpp"

#include <jx/simulation.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace jx::simulation {

/// Who fills it in, as her papers say.
struct Profile {
  std::string name, surname, code, phone, address;
};

/// `{date+14}` replaced by the day that many days after `today`.
[[nodiscard]] std::string with_dates(std::string text, LocalDate today);

struct Filler {
  const Plan& plan;
  const FieldValues* item = nullptr;  // before those of the plan
  const Profile& who;
  LocalDate today;
  Dice& dice;

  /// Everything that the schema demands and the data do not have yet, and some of the rest.
  void fill(const boost::json::value& schema, boost::json::object& data) { fill_at(schema, data, ""); }
  /// The value at a pointer anew. False: the schema has no such field.
  bool again(const boost::json::value& schema, boost::json::object& data, std::string_view pointer);

 private:
  void fill_at(const boost::json::value& schema, boost::json::object& data, const std::string& at);
  boost::json::value value(const boost::json::value& schema, const std::string& pointer);
  boost::json::value planned(const boost::json::value& values);
  boost::json::value text(const boost::json::object& schema);
  std::string written(std::string_view pattern);
};

}  // namespace jx::simulation
