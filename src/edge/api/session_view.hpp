// session_view.hpp - who is signed in, as the API shows it (api/openapi.yaml#/components/schemas/Session).
#pragma once
#include "call.hpp"
#include "views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace jx::api {

struct PostName {
  PostId key;
  LocalizedText name;
  UnitName unit;
};
BOOST_DESCRIBE_STRUCT(PostName, (), (key, name, unit))

struct FirmName {
  FirmId id;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(FirmName, (), (id, name))

struct PrincipalName {
  PersonId id;
  LocalizedText name;
  std::vector<ItemId> items;
};
BOOST_DESCRIBE_STRUCT(PrincipalName, (), (id, name, items))

struct SignedIn {
  LocalizedText name;
  std::optional<PostId> post;
  std::optional<UnitName> unit;
  std::vector<PostName> posts;
  std::vector<FirmName> firms;
  std::vector<std::string> permissions;
  bool must_set_password = false;  // nothing else is answered until she has
  std::int64_t unread_messages = 0;
  std::vector<PrincipalName> principals;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (name, post, unit, posts, firms, permissions, must_set_password, unread_messages, principals))

struct SessionView {
  std::optional<std::string> csrf_token;
  std::optional<Instant> expires_at;
  std::optional<SignedIn> actor;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (csrf_token, expires_at, actor))

[[nodiscard]] Result<SessionView> session_view(db::Tx& tx, const Call& call, const identity::Session& session);

}  // namespace jx::api
