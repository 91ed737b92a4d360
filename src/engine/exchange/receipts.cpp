#include <jx/exchange/receipts.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/merkle.hpp>
#include <jx/ledger/tiles.hpp>
#include <jx/wire/canonical.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::exchange {
namespace json = boost::json;
namespace {

std::unexpected<Error> wrong_answer(Words why) { return fail(ErrorCode::invalid, std::move(why), "/answer"); }
std::unexpected<Error> wrong_receipt(Words why) { return fail(ErrorCode::invalid, std::move(why), "/receipt"); }

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// The digest of an answer as it was given.
Result<crypto::Digest> digest_of(const json::value& answer) {
  const auto* object = answer.if_object();
  const auto* fields = object != nullptr ? object->if_contains("fields") : nullptr;
  const auto* rows = object != nullptr ? object->if_contains("rows") : nullptr;
  if (fields == nullptr || !fields->is_array() || rows == nullptr || !rows->is_array())
    return wrong_answer({"this is no answer of the gateway: it has no fields and rows", "这不是共享网关的应答：缺少 fields 和 rows"});
  const auto nonce = wire::decode<Bytes>(wire::to_text(object->contains("nonce") ? object->at("nonce") : json::value("")));
  if (!nonce || nonce->empty()) return wrong_answer({"the answer has no nonce", "应答缺少 nonce"});
  std::vector<std::string> ids;
  for (const auto& field : fields->get_array()) {
    if (!field.is_object() || text_of(field.get_object(), "key").empty()) return wrong_answer({"a field has no key", "字段缺少 key"});
    ids.push_back(text_of(field.get_object(), "key"));
  }
  std::vector<std::vector<json::value>> cells;
  for (const auto& row : rows->get_array()) {
    if (!row.is_array()) return wrong_answer({"a row is no list", "记录不是数组"});
    cells.emplace_back(row.get_array().begin(), row.get_array().end());
  }
  return answer_digest(ids, *nonce, cells);
}

/// The entry's fields, where it is one of an answered use.
Result<json::object> read_entry(const std::string& body) {
  JX_TRY(entry, wire::parse(body));
  const auto* object = entry.if_object();
  const auto* inner = object != nullptr ? object->if_contains("body") : nullptr;
  if (object == nullptr || text_of(*object, "kind") != "exchange.read" || inner == nullptr || !inner->is_object())
    return wrong_receipt({"the entry is not that of an answered use", "该记录不是一次数据使用的登记"});
  return inner->get_object();
}

}  // namespace

Result<crypto::Digest> answer_digest(std::span<const std::string> fields, ByteView nonce, const std::vector<std::vector<json::value>>& rows) {
  const auto text = [](std::string& out, const json::value& value) {
    return wire::append_canonical(out, value) ? Result<>() : fail(ErrorCode::internal, "an answer has a number that is not finite");
  };
  std::string out = R"({"fields":[)";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    JX_CHECK(text(out, json::value(json::string(fields[i]))));
  }
  out += R"(],"nonce":")" + to_hex(nonce) + R"(","rows":[)";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += r > 0 ? ",[" : "[";
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      if (i > 0) out += ',';
      JX_CHECK(text(out, rows[r][i]));
    }
    out += ']';
  }
  out += "]}";
  return crypto::sha256(bytes_of(out));
}

Result<Receipt> receipt(db::Tx& tx, const Usage& usage) {
  if (usage.refused) return fail(ErrorCode::conflict, {"a refused call has no answer, and so no receipt", "被拒绝的查询没有结果，也就没有凭证"});
  JX_TRY(proof, ledger::prove(tx, usage.entry));
  if (!proof.salt || !proof.body) return fail(ErrorCode::conflict, {"the entry of this use was erased by law", "该条记录的内容已依法清除"});
  Receipt out{usage.id, usage.entry, {}, *proof.salt, *proof.body, proof.place.index, proof.size, {}, proof.checkpoint};
  out.leaf.assign(bytes_of(proof.leaf).begin(), bytes_of(proof.leaf).end());
  for (const auto& hash : proof.hashes) out.proof.emplace_back(hash.begin(), hash.end());
  return out;
}

Result<Proven> verify(const Receipt& receipt, const json::value& answer, std::span<const ledger::NoteKey> keys) {
  JX_TRY(note, ledger::Note::parse(receipt.checkpoint));
  JX_CHECK(ledger::verify_note(note, keys));
  JX_TRY(checkpoint, ledger::Checkpoint::parse(note.text));
  if (checkpoint.size != receipt.tree_size) return wrong_receipt({"the checkpoint is of another tree size", "检查点与树的大小不符"});
  const auto leaf_hash = ledger::leaf_hash(receipt.leaf);
  if (const auto included = ledger::verify_inclusion(receipt.index, receipt.tree_size, leaf_hash, receipt.proof, checkpoint.root); !included)
    return wrong_receipt(
        {"the entry is not in the tree: " + included.error().message.en, "该记录不在账本中：" + included.error().message.in("zh-CN")});
  const auto leaf = ledger::Leaf::parse(receipt.leaf);
  if (!leaf || leaf->hash != ledger::body_hash(receipt.salt, receipt.body))
    return wrong_receipt({"the entry's body is not the one that is in the tree", "记录内容与账本不符"});
  JX_TRY(entry, read_entry(receipt.body));
  JX_TRY(digest, digest_of(answer));
  if (text_of(entry, "answer") != to_hex(digest))
    return wrong_answer({"the answer is not the one that was given: fields or rows were changed", "应答与登记不符：字段或记录已被改动"});
  Proven out{
      leaf->time, text_of(entry, "grant"), text_of(entry, "resource"), text_of(entry, "consumer"), text_of(entry, "provider"), 0, checkpoint.origin,
      {}};
  if (const auto* records = entry.if_contains("records"); records != nullptr && records->is_int64()) out.records = records->get_int64();
  for (const auto& signature : note.signatures) {
    const auto key =
        std::ranges::find_if(keys, [&](const ledger::NoteKey& one) { return one.id() == signature.key_id && one.name() == signature.name; });
    if (key != keys.end()) out.signers.push_back(key->text());
  }
  return out;
}

}  // namespace jx::exchange
