// answer.hpp - from a Response to octets: status line, headers, problem documents, files. Made on a worker thread.
#pragma once
#include <jx/http/request.hpp>
#include <jx/http/response.hpp>

#include "event_stream.hpp"
#include "file_reader.hpp"
#include "site.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace jx::http {

/// All but Date, Connection and the empty line, which the connection adds.
struct Answer {
  int status = 200;
  std::string head;                // status line and headers
  std::string body;                // or its first piece
  std::string_view page;           // instead of `body`: lives as long as the site
  std::optional<FileReader> file;  // what follows the first piece
  StreamHold stream;
  std::uint64_t length = 0;  // of the whole body, for the log
  std::chrono::milliseconds hold{0};
};

/// Renders `response.error` into the response; internal and corrupt go to the log with all they say.
void render_error(const Site& site, const Request& request, Response& response);
/// Opens files, answers Range and If-None-Match, writes the head.
[[nodiscard]] Answer make_answer(const Site& site, const Request& request, Response&& response);
/// A page from memory, or the way to it.
[[nodiscard]] Answer make_page(const StaticFiles::Found& page, const Head& head, bool secure, const RequestId& id);
/// A refusal by the protocol itself, as a problem document.
[[nodiscard]] Answer make_refusal(const Fault& fault, std::string_view language, bool secure, const RequestId& id, std::string_view allow = {});

}  // namespace jx::http
