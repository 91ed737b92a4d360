// stored_form.hpp - a form as the engine uses it: compiled, and with the forms that it is a merge of.
#pragma once
#include "form_layout.hpp"
#include "form_merge.hpp"
#include "form_schema.hpp"

#include <jx/crypto/hash.hpp>

#include <memory>

namespace jx::cases {

struct StoredForm;
using FormPtr = std::shared_ptr<const StoredForm>;  // shared: used by acts while it may leave the cache

/// One of the forms of a merge.
struct FormPart {
  std::string form;
  FormPtr stored;
  FieldMap fields;
};

struct StoredForm {
  crypto::Digest hash{};
  boost::json::value schema, layout;  // objects
  FormSchema compiled;
  FormLayout rules;
  std::vector<FormPart> parts;  // empty: it is one form

  /// Computes, hides, and holds the data against schema and rules; of a merge, by each of its forms.
  [[nodiscard]] FormCheck check(boost::json::object data, Instant now, std::string_view zone) const;
  /// The data as they are submitted. Errors: invalid (the first fault, under /form).
  [[nodiscard]] Result<boost::json::object> complete(boost::json::object data, Instant now, std::string_view zone) const;
  /// What each form of a merge gets, under its key with `_` for what no name of a variable has.
  [[nodiscard]] boost::json::object parts_of(const boost::json::object& data) const;
  [[nodiscard]] FormCounts counts() const;
};

}  // namespace jx::cases
