#include <jx/attachments/sniff.hpp>

#include "made_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace jx::attachments {
namespace {

Result<FileType> of(const std::string& octets) { return sniff(bytes_of(octets)); }

void refused(const std::string& octets, std::string_view words) {
  const auto found = of(octets);
  ASSERT_FALSE(found) << "it is taken for " << media_type(*found);
  EXPECT_EQ(found.error().code, ErrorCode::invalid);
  EXPECT_EQ(found.error().field, "/octets");
  EXPECT_NE(found.error().message.en.find(words), std::string::npos) << found.error().message.en;
  EXPECT_FALSE(found.error().message.zh.empty());
}

TEST(Sniffing, knows_a_file_by_its_octets) {
  EXPECT_EQ(of(made::png()), FileType::png);
  EXPECT_EQ(of(made::jpeg()), FileType::jpeg);
  EXPECT_EQ(of(made::jpeg() + "a second picture of the camera"), FileType::jpeg);
  EXPECT_EQ(of(made::webp()), FileType::webp);
  EXPECT_EQ(of(made::heic()), FileType::heic);
  EXPECT_EQ(of(made::pdf()), FileType::pdf);
  EXPECT_EQ(of(made::zip({{"OFD.xml", "<ofd/>"}, {"Doc_0/Document.xml", "x"}})), FileType::ofd);
  EXPECT_EQ(of(made::zip({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}})), FileType::docx);
  EXPECT_EQ(of(made::zip({{"[Content_Types].xml", "x"}, {"xl/workbook.xml", "x"}})), FileType::xlsx);
  EXPECT_EQ(of(made::zip({{"a.txt", "x"}})), FileType::zip);
  EXPECT_EQ(of("\xEF\xBB\xBF姓名,数量\r\n王芳,1\r\n"), FileType::text);
}

TEST(Sniffing, refuses_what_a_browser_could_run) {
  refused("<!DOCTYPE html><script>alert(1)</script>", "HTML");
  refused("  \n<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "SVG");
  refused("\xEF\xBB\xBF<?xml version='1.0'?><svg/>", "SVG");
  refused(std::string("MZ\x90\0\3\0", 6), "none of the kinds");
  refused(
      "\x7F"
      "ELF",
      "none of the kinds");
  refused("\xD0\xCF\x11\xE0", "UTF-8");  // an old Office document
  refused("", "empty");
  refused(" \n\t", "empty");
}

TEST(Sniffing, refuses_a_file_that_was_cut_off_anywhere) {
  for (const auto& whole : {made::png(), made::jpeg(), made::webp(), made::heic(), made::pdf(), made::zip({{"OFD.xml", "<ofd/>"}})}) {
    ASSERT_TRUE(of(whole));
    for (std::size_t size = 16; size < whole.size() - 8; ++size) EXPECT_FALSE(of(whole.substr(0, size))) << size << " of " << whole.substr(1, 4);
  }
  refused(made::png() + "<script>", "not whole");  // a second file behind the first
  refused(made::webp() + "x", "not whole");
}

TEST(Sniffing, refuses_pictures_that_are_bombs) {
  refused(made::png(40, 100'000, 100'000), "200 million pixels");
  refused(made::jpeg(40, 65'000, 65'000), "200 million pixels");
  refused(made::png(40, 0, 3), "not whole");
}

TEST(Sniffing, refuses_archives_that_attack) {
  refused(made::zip({{"OFD.xml", "x"}, {"../../etc/passwd", "x"}}), "leads out");
  refused(made::zip({{"/etc/passwd", "x"}}), "leads out");
  refused(made::zip({{"a\\b", "x"}}), "leads out");
  refused(made::zip({{"C:evil", "x"}}), "leads out");
  refused(made::zip({{"OFD.xml", std::string(1000, 'x'), 900'000'000}}), "unpacks to far more");
  refused(made::zip({{"OFD.xml", "x", 0, 1}}), "password");
  refused(made::zip({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}, {"word/vbaProject.bin", "x"}}), "macros");
  refused(made::zip({{"OFD.xml", "x"}, {"OFD.xml", "y"}}), "not whole");
  auto overlapping = made::zip({{"a", "xxxx"}, {"a", "xxxx"}});
  refused(overlapping, "not whole");
}

TEST(Names, must_end_as_the_file_is) {
  EXPECT_EQ(*check_name("门头照片.JPG", FileType::jpeg), "门头照片.JPG");
  EXPECT_EQ(*check_name("letter.wps", FileType::docx), "letter.wps");
  const auto lie = check_name("photo.png", FileType::jpeg);
  ASSERT_FALSE(lie);
  EXPECT_EQ(lie.error().field, "/name");
  EXPECT_NE(lie.error().message.en.find("JPEG"), std::string::npos);
  for (const auto* bad : {"", "photo", ".jpg", "a/b.jpg", "a\\b.jpg", "a.svg", "a.html", "a.jpg.exe", "a\u202Egpj.exe", "a\u202E.jpg", "a\n.jpg"})
    EXPECT_FALSE(check_name(bad)) << bad;
  EXPECT_FALSE(check_name(std::string(300, 'a') + ".jpg"));
}

/// Seeds for the fuzz target, made again with JUNXIAN_MAKE_SEEDS=1: the corpus holds one file of each kind.
TEST(Sniffing, has_a_seed_of_each_kind_in_the_corpus) {
  const std::filesystem::path corpus = std::string(JX_SOURCE_DIR) + "/tests/fuzz/corpus/attachments_sniff_fuzz";
  const std::pair<const char*, std::string> seeds[] = {{"png", made::png()},
                                                       {"jpeg", made::jpeg()},
                                                       {"webp", made::webp()},
                                                       {"heic", made::heic()},
                                                       {"pdf", made::pdf()},
                                                       {"text", "姓名,数量\n"},
                                                       {"html", "<html>"},
                                                       {"bomb", made::zip({{"OFD.xml", std::string(1000, 'x'), 900'000'000}})},
                                                       {"ofd", made::zip({{"OFD.xml", "<ofd/>"}})},
                                                       {"docx", made::zip({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}})}};
  for (const auto& [name, octets] : seeds) {
    if (std::getenv("JUNXIAN_MAKE_SEEDS") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
      std::filesystem::create_directories(corpus);
      std::ofstream(corpus / name, std::ios::binary) << octets;
    }
    std::ifstream in(corpus / name, std::ios::binary);
    const std::string kept((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_EQ(kept, octets) << name;
  }
}

}  // namespace
}  // namespace jx::attachments
