// calendars.hpp - the working calendars of a pack: calendars/<id>.yaml and the yearly notices calendars/<id>/<year>.yaml.
// They live in the stored pack and nowhere else: a case keeps the version of the calendar that its term was computed with.
#pragma once
#include <jx/calendar.hpp>
#include <jx/pack.hpp>

#include <memory>
#include <string_view>

namespace jx::pack {

/// A calendar of the pack by its id. Errors: not_found; invalid (says file and line).
[[nodiscard]] Result<calendar::Calendar> calendar_of(const Pack& pack, std::string_view id);

/// The part of a pack that its calendars are.
[[nodiscard]] std::unique_ptr<Part> calendars_part();

}  // namespace jx::pack
