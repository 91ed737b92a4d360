#include <jx/ledger/note.hpp>
#include <jx/wire/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace jx::ledger {
namespace {

constexpr std::string_view dash = "\u2014 ";
constexpr std::uint8_t type_ed25519 = 0x01;
constexpr std::uint8_t type_other = 0xff;
constexpr std::size_t key_id_bytes = 4;

// Property White_Space of Unicode 15, beyond ASCII control characters, which a note may not hold anyway.
constexpr std::array<std::string_view, 20> spaces{" ",      "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
                                                  "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

std::unexpected<Error> not_a_note(std::string_view english, std::string_view chinese) {
  return fail(ErrorCode::invalid, {"not a signed note: " + std::string(english), "不是有效的签名文本：" + std::string(chinese)});
}

bool is_key_name(std::string_view name) {
  const auto holds = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  return !name.empty() && !holds("+") && std::ranges::none_of(spaces, holds) && !wire::find_invalid_utf8(name) &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::uint32_t big_endian(ByteView octets) {
  return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 | std::uint32_t{octets[2]} << 8 | octets[3];
}

Bytes key_id_octets(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16), static_cast<std::uint8_t>(id >> 8),
          static_cast<std::uint8_t>(id)};
}

// Type, identifier where the type has one, public key.
Bytes encode_key(const NoteKey::Key& key) {
  Bytes octets;
  if (const auto* ed25519 = std::get_if<crypto::Ed25519PublicKey>(&key)) {
    octets.push_back(type_ed25519);
    octets.insert(octets.end(), ed25519->raw().begin(), ed25519->raw().end());
  } else {
    octets.push_back(type_other);
    octets.insert(octets.end(), sm2_identifier.begin(), sm2_identifier.end());
    const auto& raw = std::get<crypto::Sm2PublicKey>(key).raw();
    octets.insert(octets.end(), raw.begin(), raw.end());
  }
  return octets;
}

std::uint32_t key_id(std::string_view name, const NoteKey::Key& key) {
  return big_endian(crypto::Sha256().update(name).update("\n").update(encode_key(key)).finish());
}

Result<NoteKey::Key> decode_key(ByteView octets) {
  if (!octets.empty() && octets[0] == type_ed25519) return crypto::Ed25519PublicKey::from_raw(octets.subspan(1));
  const auto text = text_of(octets);
  if (!octets.empty() && octets[0] == type_other && text.substr(1).starts_with(sm2_identifier))
    return crypto::Sm2PublicKey::from_raw(octets.subspan(1 + sm2_identifier.size()));
  return fail(ErrorCode::invalid, {"a key of a type that is not known here", "未知的密钥类型"});
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(dash)) return not_a_note("a signature line does not begin with a dash and a space", "签名行的开头不对");
  line.remove_prefix(dash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
    return not_a_note("a signature line has no key name", "签名行缺少密钥名");
  const auto octets = from_base64(line.substr(space + 1));
  if (!octets || octets->size() <= key_id_bytes) return not_a_note("a signature is not base64 of a key id and octets", "签名不是有效的 base64");
  return NoteSignature{std::string(line.substr(0, space)), big_endian(*octets), Bytes(octets->begin() + key_id_bytes, octets->end())};
}

}  // namespace

std::string Note::encode() const {
  auto note = text + "\n";
  for (const auto& signature : signatures) {
    auto octets = key_id_octets(signature.key_id);
    octets.insert(octets.end(), signature.signature.begin(), signature.signature.end());
    note.append(dash).append(signature.name).append(" ").append(to_base64(octets)).append("\n");
  }
  return note;
}

Result<Note> Note::parse(std::string_view note) {
  if (note.size() > note_bytes_max) return fail(ErrorCode::too_large, {"a signed note has at most 64 KiB", "签名文本不得超过64 KiB"});
  if (wire::find_invalid_utf8(note)) return not_a_note("it is not UTF-8", "不是 UTF-8");
  if (std::ranges::any_of(note, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; })) {
    return not_a_note("it holds a control character", "含有控制字符");
  }
  const auto gap = note.rfind("\n\n");
  if (gap == std::string_view::npos || !note.ends_with('\n')) return not_a_note("there is no empty line before the signatures", "签名之前没有空行");

  Note parsed;
  parsed.text = note.substr(0, gap + 1);
  for (auto rest = note.substr(gap + 2); !rest.empty();) {
    const auto end = rest.find('\n');
    if (parsed.signatures.size() == note_signatures_max)
      return fail(ErrorCode::too_large, {"a signed note has at most 64 signatures", "签名不得超过64个"});
    JX_TRY(signature, parse_signature(rest.substr(0, end)));
    parsed.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  if (parsed.signatures.empty()) return not_a_note("there is no signature", "没有签名");
  return parsed;
}

NoteKey::NoteKey(std::string name, Key key) : name_(std::move(name)), key_(std::move(key)), id_(key_id(name_, key_)) {}

Result<NoteKey> NoteKey::make(std::string name, Key key) {
  if (!is_key_name(name))
    return fail(ErrorCode::invalid, {"the name of a key is not empty and has no space and no plus sign", "密钥名不得为空，不得含空格或加号"});
  return NoteKey(std::move(name), std::move(key));
}

Result<NoteKey> NoteKey::parse(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorCode::invalid, {"a key is written <name>+<8 hex digits>+<base64>", "密钥应写作 <名称>+<8位十六进制>+<base64>"});
  };
  const auto first = text.find('+');
  if (first == std::string_view::npos || text.size() < first + 10 || text[first + 9] != '+') return bad();
  const auto octets = from_base64(text.substr(first + 10));
  if (!octets) return bad();
  JX_TRY(decoded, decode_key(*octets));
  JX_TRY(key, make(std::string(text.substr(0, first)), std::move(decoded)));
  if (key.text() != text) return fail(ErrorCode::invalid, {"the key id does not belong to this name and key", "密钥编号与名称、公钥不符"});
  return std::move(key);
}

std::string NoteKey::text() const { return name_ + "+" + to_hex(key_id_octets(id_)) + "+" + to_base64(encode_key(key_)); }

bool NoteKey::verify(std::string_view text, ByteView signature) const {
  return std::visit([&](const auto& key) { return key.verify(bytes_of(text), signature); }, key_);
}

std::vector<NoteKey> NoteSigner::keys() const {
  std::vector<NoteKey> keys;
  const auto add = [&](NoteKey::Key key) {
    if (auto made = NoteKey::make(name, std::move(key))) keys.push_back(std::move(*made));
  };
  add(ed25519.public_key());
  if (sm2) add(sm2->public_key());
  return keys;
}

Note NoteSigner::sign(std::string text) const {
  Note note{std::move(text), {}};
  const auto add = [&](const NoteKey::Key& key, const crypto::Signature& signature) {
    note.signatures.push_back({name, key_id(name, key), Bytes(signature.begin(), signature.end())});
  };
  add(ed25519.public_key(), ed25519.sign(bytes_of(note.text)));
  if (sm2) add(sm2->public_key(), sm2->sign(bytes_of(note.text)));
  return note;
}

Result<> verify_note(const Note& note, std::span<const NoteKey> keys) {
  bool signed_by_known = false;
  for (const auto& signature : note.signatures) {
    const auto key = std::ranges::find_if(keys, [&](const NoteKey& k) { return k.name() == signature.name && k.id() == signature.key_id; });
    if (key == keys.end()) continue;
    if (!key->verify(note.text, signature.signature)) {
      return fail(ErrorCode::invalid, {"the signature of " + key->text() + " is wrong", "密钥 " + key->text() + " 的签名不对"});
    }
    signed_by_known = true;
  }
  if (!signed_by_known) return fail(ErrorCode::invalid, {"none of the keys that were given has signed", "所给密钥均未签名"});
  return {};
}

std::string Checkpoint::text() const { return origin + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n"; }

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  const auto bad = [](std::string_view line) {
    return fail(ErrorCode::invalid, {"not a checkpoint: the " + std::string(line) + " cannot be read", "不是有效的检查点：" + std::string(line)});
  };
  std::array<std::string_view, 3> lines;
  for (auto& line : lines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || end == 0) return bad("three first lines");
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty() && (!text.ends_with('\n') || text.starts_with('\n') || text.find("\n\n") != std::string_view::npos))
    return bad("extension lines");
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const auto [end, error] = std::from_chars(lines[1].data(), lines[1].data() + lines[1].size(), checkpoint.size);
  if (error != std::errc{} || std::to_string(checkpoint.size) != lines[1]) return bad("size");
  const auto root = from_base64(lines[2]);
  if (!root || root->size() != checkpoint.root.size()) return bad("root");
  std::ranges::copy(*root, checkpoint.root.begin());
  return checkpoint;
}

}  // namespace jx::ledger
