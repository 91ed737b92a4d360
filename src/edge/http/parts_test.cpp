// The parts that need no socket: requests, routes, pages, ranges, problems, events.
#include <jx/http.hpp>

#include "event_stream.hpp"
#include "file_reader.hpp"
#include "router.hpp"
#include "static_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace jx::http {
namespace {

Request request(const std::string& target, const std::string& fields = {}) {
  auto made = Request::parse("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  EXPECT_TRUE(made);
  return std::move(*made);
}

TEST(Request, decodes_the_query) {
  const Request it = request("/x?a=1&b=%E4%BA%91+%2B&c&=d&a2=");
  EXPECT_EQ(**it.query("a"), "1");
  EXPECT_EQ(**it.query("b"), "云 +");
  EXPECT_EQ(**it.query("c"), "");
  EXPECT_EQ(*it.query("z"), std::nullopt);
  EXPECT_EQ(it.query_pairs()->size(), 5U);
}

TEST(Request, refuses_a_query_that_cannot_be_read) {
  EXPECT_EQ(request("/x?a=1&a=2").query("a").error().field, "/a");
  for (const char* bad : {"/x?a=%", "/x?a=%4", "/x?a=%zz", "/x?a=%00", "/x?a=%ff", "/x?a=%ed%a0%80"}) EXPECT_FALSE(request(bad).query("a")) << bad;
}

TEST(Request, reads_cookies_by_whole_name) {
  const Request it = request("/", "Cookie: ab=1; b=two; c=x=y\r\n");
  EXPECT_EQ(it.cookie("b"), "two");
  EXPECT_EQ(it.cookie("c"), "x=y");
  EXPECT_EQ(it.cookie("a"), std::nullopt);
}

TEST(Request, chooses_the_language_that_is_liked_better) {
  const auto language = [](const std::string& field) { return std::string(request("/", "Accept-Language: " + field + "\r\n").language()); };
  EXPECT_EQ(language("en-GB,en;q=0.9,zh;q=0.8"), "en");
  EXPECT_EQ(language("zh-CN,zh;q=0.9,en;q=0.8"), "zh-CN");
  EXPECT_EQ(language("en;q=0.3, zh-TW;q=0.4"), "zh-CN");
  EXPECT_EQ(language("fr"), "zh-CN");
  EXPECT_EQ(language("fr, en;q=0.001"), "en");
  EXPECT_EQ(request("/").language(), "zh-CN");
}

TEST(Request, takes_over_a_request_id_only_if_it_is_a_uuid) {
  EXPECT_EQ(request("/", "X-Request-Id: 01890a5d-ac96-774b-bcce-b302099a8057\r\n").id().text(), "01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_TRUE(request("/", "X-Request-Id: <script>\r\n").id().nil());
}

TEST(Response, cannot_be_made_to_carry_a_second_header) {
  const Response it = created("/x\r\nSet-Cookie: a=b", "{}");
  EXPECT_EQ(it.header("location"), "/xSet-Cookie: a=b");
}

TEST(Response, names_a_download_in_any_script) {
  EXPECT_EQ(file("/x", "application/pdf", "许可证.pdf").header("content-disposition"),
            "attachment; filename*=UTF-8''%E8%AE%B8%E5%8F%AF%E8%AF%81.pdf");
}

class Routes : public ::testing::Test {
 protected:
  void add(Method method, std::string path) {
    ASSERT_TRUE(router_.add({method, std::move(path), [](const Request&) { return no_content(); }}));
  }
  std::string path_of(Method method, std::string_view path) {
    const auto match = router_.match(method, path);
    switch (match.outcome) {
      case Router::Outcome::found: return router_.routes()[match.index].path;
      case Router::Outcome::no_path: return "404";
      case Router::Outcome::no_method: return "405 " + match.allow;
      case Router::Outcome::bad_encoding: return "400";
    }
    return {};
  }
  Router router_;
};

TEST_F(Routes, match_literals_before_parameters_before_the_rest) {
  add(Method::get, "/");
  add(Method::get, "/certificates/{certificate}");
  add(Method::post, "/certificates/verify");
  add(Method::get, "/certificates/{certificate}/pdf");
  add(Method::get, "/ledger/{path+}");
  add(Method::get, "/ledger/head");
  EXPECT_EQ(path_of(Method::get, "/"), "/");
  EXPECT_EQ(path_of(Method::get, "/certificates/7"), "/certificates/{certificate}");
  EXPECT_EQ(path_of(Method::get, "/certificates/7/pdf"), "/certificates/{certificate}/pdf");
  EXPECT_EQ(path_of(Method::post, "/certificates/verify"), "/certificates/verify");
  EXPECT_EQ(path_of(Method::get, "/certificates/verify"), "405 POST");
  EXPECT_EQ(path_of(Method::get, "/ledger/head"), "/ledger/head");
  EXPECT_EQ(path_of(Method::get, "/ledger/tile/0/x001/067"), "/ledger/{path+}");
  EXPECT_EQ(path_of(Method::get, "/ledger/head/x"), "/ledger/{path+}");
  EXPECT_EQ(router_.match(Method::get, "/ledger/tile/0/a%2fb").params.front().second, "tile/0/a/b");
}

TEST_F(Routes, refuse_what_they_do_not_name) {
  add(Method::get, "/a/{x}");
  add(Method::put, "/a/{x}");
  for (const char* path : {"/a", "/a/", "/a//", "/a/1/2", "/b/1", "//a/1", "/A/1"}) EXPECT_EQ(path_of(Method::get, path), "404") << path;
  EXPECT_EQ(path_of(Method::post, "/a/1"), "405 GET, HEAD, PUT");
  EXPECT_EQ(path_of(Method::head, "/a/1"), "/a/{x}");
  EXPECT_EQ(path_of(Method::get, "/a/%ff"), "400");
  EXPECT_EQ(router_.match(Method::get, "/a/%2e%2e%2Fetc").params.front().second, "../etc");  // a value, never a path of ours
  EXPECT_EQ(path_of(Method::get, "/" + std::string(100, '/')), "404");
  EXPECT_TRUE(router_.owns("/a/b/c"));
  EXPECT_FALSE(router_.owns("/a"));  // a page may stand there
  add(Method::get, "/c");
  EXPECT_FALSE(router_.owns("/c"));
  EXPECT_FALSE(router_.owns("/web/a"));
}

TEST_F(Routes, refuse_a_table_that_contradicts_itself) {
  add(Method::get, "/a/{x}");
  const auto refused = [&](Method method, std::string path) {
    return !router_.add({method, std::move(path), [](const Request&) { return no_content(); }});
  };
  EXPECT_TRUE(refused(Method::get, "/a/{x}"));
  EXPECT_TRUE(refused(Method::get, "/a/{y}/z"));
  EXPECT_TRUE(refused(Method::get, "a"));
  EXPECT_TRUE(refused(Method::get, "/a//b"));
  EXPECT_TRUE(refused(Method::get, "/a/{x"));
  EXPECT_TRUE(refused(Method::get, "/b/{x+}/c"));
  EXPECT_FALSE(router_.add({Method::get, "/no-handler", nullptr}));
}

class Pages : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "jx-pages-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    write("portal/index.html", "<p>portal");
    write("portal/assets/app-BxK3f9aQ.js", std::string(1000, 'x'));
    write("portal/assets/app-BxK3f9aQ.js.br", "brotli");
    write("portal/assets/app-BxK3f9aQ.js.gz", "gzip");
    write("portal/assets/small.css", "a");
    write("portal/assets/small.css.gz", "larger than the file itself");
    write("workbench/index.html", "<p>workbench");
    write("secret.txt", "secret");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  Result<StaticFiles> load() {
    return StaticFiles::load({{.prefix = "/", .folder = folder_ / "portal"}, {.prefix = "/workbench/", .folder = folder_ / "workbench"}});
  }
  std::filesystem::path folder_;
};

TEST_F(Pages, are_found_by_name_and_fall_back_to_the_page_of_their_mount) {
  const auto files = load();
  ASSERT_TRUE(files);
  const auto text = [&](std::string_view path) {
    const StaticFile* file = files->find(path).file;
    return file == nullptr ? std::string("none") : file->variants.back().body;
  };
  EXPECT_EQ(text("/"), "<p>portal");
  EXPECT_EQ(text("/index.html"), "<p>portal");
  EXPECT_EQ(text("/my/cases/7"), "<p>portal");
  EXPECT_EQ(text("/assets/small.css"), "a");
  EXPECT_EQ(text("/assets/absent.css"), "none");
  EXPECT_EQ(text("/workbench"), "<p>workbench");
  EXPECT_EQ(text("/workbench/"), "<p>workbench");
  EXPECT_EQ(text("/workbench/tasks"), "<p>workbench");
}

TEST_F(Pages, of_an_application_are_told_from_paths_at_which_it_has_none) {
  const auto files = StaticFiles::load({{.prefix = "/", .folder = folder_ / "portal", .pages = {"verify", "matters", "matters/*", "items/**"}},
                                        {.prefix = "/workbench/", .folder = folder_ / "workbench", .pages = {"tasks/*"}}});
  ASSERT_TRUE(files);
  for (const char* path : {"/", "/verify", "/verify/", "/matters", "/matters/7", "/items/a", "/items/a/b/c", "/workbench/", "/workbench/tasks/1"}) {
    EXPECT_EQ(files->find(path).status, 200) << path;
  }
  for (const char* path :
       {"/nope", "/verify/x", "/matters/7/8", "/matters//", "/items", "/items/", "/apifoo", "/workbench/verify", "/workbench/tasks"}) {
    EXPECT_EQ(files->find(path).status, 404) << path;
    EXPECT_NE(files->find(path).file, nullptr) << path;
  }
  EXPECT_EQ(files->find("/workbench").status, 308);
}

TEST(Addresses, are_matched_by_network) {
  const auto in = [](std::string_view range, std::string_view address) { return AddressRange::parse(range)->contains(address); };
  EXPECT_TRUE(in("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(in("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(in("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(in("192.0.2.128/25", "192.0.2.129"));
  EXPECT_FALSE(in("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(in("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1"));
  EXPECT_FALSE(in("::/0", "203.0.113.9"));
  EXPECT_TRUE(in("::/0", "2001:db8::1"));
  EXPECT_TRUE(in("2001:db8::/33", "2001:DB8:7fff::1"));
  EXPECT_FALSE(in("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(in("fe80::/10", "fe80::1%eth0"));
  EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(in("::ffff:10.0.0.0/104", "10.1.2.3"));
  for (const char* none : {"", "unknown", "10.0.0", "10.0.0.1:80", "[::1]"}) EXPECT_FALSE(in("0.0.0.0/0", none)) << none;
  for (const char* bad : {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "fe80::1%eth0", "*"})
    EXPECT_EQ(AddressRange::parse(bad).error().code, ErrorCode::invalid) << bad;
}

TEST_F(Pages, never_leave_their_folder) {
  const auto files = load();
  ASSERT_TRUE(files);
  for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
                           "//secret.txt", "/workbench/../../secret.txt", "/assets/app-BxK3f9aQ.js%00.css", "/assets\\..\\secret.txt"}) {
    EXPECT_EQ(files->find(path).file, nullptr) << path;
  }
}

TEST_F(Pages, are_sent_packed_to_those_who_accept_it) {
  const auto files = load();
  ASSERT_TRUE(files);
  const StaticFile* script = files->find("/assets/app-BxK3f9aQ.js").file;
  ASSERT_NE(script, nullptr);
  EXPECT_TRUE(script->immutable);
  EXPECT_EQ(script->type, "text/javascript; charset=utf-8");
  EXPECT_EQ(StaticFiles::choose(*script, "gzip, deflate, br").coding, "br");
  EXPECT_EQ(StaticFiles::choose(*script, "gzip;q=1.0, br;q=0").coding, "gzip");
  EXPECT_EQ(StaticFiles::choose(*script, "").coding, "");
  EXPECT_EQ(files->find("/assets/small.css").file->variants.size(), 1U);  // packing it was of no use
}

TEST_F(Pages, cannot_be_mounted_from_a_folder_that_is_not_there) {
  EXPECT_EQ(StaticFiles::load({{.prefix = "/", .folder = folder_ / "absent"}}).error().code, ErrorCode::unavailable);
}

TEST(PageNames, with_a_hash_are_told_from_those_without) {
  for (const char* yes : {"index-BxK3f9aQ.js", "vendor.D4e5f6a7.css", "a-b-1234567_.woff2"}) EXPECT_TRUE(has_hash(yes)) << yes;
  for (const char* no : {"index.html", "app-template.js", "favicon.ico", "site.webmanifest", "index-BxK3f.js", "BxK3f9aQ.js"})
    EXPECT_FALSE(has_hash(no)) << no;
}

TEST(EntityTags, compare_weakly) {
  EXPECT_TRUE(etag_matches("\"a\", W/\"b\"", "\"b\""));
  EXPECT_TRUE(etag_matches("*", "\"b\""));
  EXPECT_FALSE(etag_matches("\"a\"", "\"b\""));
}

TEST(Ranges, follow_rfc_9110_section_14) {
  const auto part = [](std::string_view field, std::uint64_t size) {
    ByteRange range;
    switch (parse_range(field, size, range)) {
      case RangeKind::whole: return std::string("whole");
      case RangeKind::unsatisfiable: return std::string("none");
      case RangeKind::part: return std::to_string(range.first) + "+" + std::to_string(range.size);
    }
    return std::string();
  };
  EXPECT_EQ(part("bytes=0-0", 10), "0+1");
  EXPECT_EQ(part("bytes=2-", 10), "2+8");
  EXPECT_EQ(part("bytes=2-99", 10), "2+8");
  EXPECT_EQ(part("bytes=-3", 10), "7+3");
  EXPECT_EQ(part("bytes=-30", 10), "0+10");
  EXPECT_EQ(part("bytes=10-", 10), "none");
  EXPECT_EQ(part("bytes=-0", 10), "none");
  EXPECT_EQ(part("bytes=-5", 0), "none");
  for (const char* odd : {"bytes=5-2", "bytes=0-1,3-4", "bytes=a-b", "bytes=-", "lines=1-2", "bytes", "bytes=18446744073709551616-"})
    EXPECT_EQ(part(odd, 10), "whole") << odd;
}

TEST(Problems, have_one_status_a_code) {
  EXPECT_EQ(status_of(ErrorCode::invalid), 422);
  EXPECT_EQ(status_of(ErrorCode::stale), 412);
  EXPECT_EQ(status_of(ErrorCode::corrupt), 500);
}

TEST(Problems, speak_the_language_of_the_reader) {
  const Error error{ErrorCode::invalid, {"The date has passed.", "日期已过。"}, "/due_on", nullptr};
  const RequestId id(*Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057"));
  EXPECT_EQ(
      problem_json(error, 422, "zh-CN", id),
      R"({"type":"/problems/invalid","title":"请求内容不合规定","status":422,"detail":"日期已过。","code":"invalid","field":"/due_on","request_id":"01890a5d-ac96-774b-bcce-b302099a8057"})");
  EXPECT_EQ(
      problem_json(error, 422, "en", id),
      R"({"type":"/problems/invalid","title":"The request breaks a rule","status":422,"detail":"The date has passed.","code":"invalid","field":"/due_on","request_id":"01890a5d-ac96-774b-bcce-b302099a8057"})");
}

TEST(Problems, tell_all_that_is_wrong_in_both_languages) {
  const Error error{ErrorCode::invalid, {"Fill this in.", "此项必填。"}, "/form/a", nullptr};
  const Faults faults{{"/form/a", "required", {"Fill this in.", "此项必填。"}}, {"/form/b", "minimum", {"At least 5."}}};
  const auto json = problem_json(error, 422, "en", RequestId(), faults);
  EXPECT_NE(json.find(R"("errors":[{"pointer":"/form/a","code":"required","message":{"en":"Fill this in.","zh-CN":"此项必填。"}},)"
                      R"({"pointer":"/form/b","code":"minimum","message":{"en":"At least 5.","zh-CN":"At least 5."}}])"),
            std::string::npos)
      << json;
}

TEST(Problems, never_tell_the_inside_of_a_fault) {
  const Error error{ErrorCode::internal, "table cases: disk I/O error", {}, nullptr};
  EXPECT_EQ(problem_json(error, 500, "en", RequestId()).find("disk"), std::string::npos);
}

TEST(Events, keep_lines_apart_and_let_none_be_injected) {
  EXPECT_EQ(event_text({"case", "{\"a\":1}", "7"}), "event: case\nid: 7\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(event_text({"", "one\ntwo\r\n", ""}), "data: one\ndata: two\ndata: \n\n");
  EXPECT_EQ(event_text({"a\nid: 9", "", ""}), "event: aid: 9\ndata: \n\n");
}

}  // namespace
}  // namespace jx::http
