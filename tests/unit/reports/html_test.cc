#include "reports/html/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>

#include "reports/html/assets.h"
#include "reports/html/page.h"
#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string written(const verdict::RunRecord& record) {
  std::ostringstream out;
  write_html(record, out);
  return out.str();
}

// Names of elements, of attributes as "element@attribute", and the targets of links.
struct Vocabulary : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node& node) override {
    if (node.type() != pugi::node_element) return true;
    names.insert(node.name());
    for (const auto& attribute : node.attributes()) {
      names.insert(std::string(node.name()) + "@" + attribute.name());
      if (std::string(attribute.name()) == "href") links.insert(attribute.value());
      if (std::string(attribute.name()) != "id") continue;
      EXPECT_TRUE(ids.insert(attribute.value()).second) << attribute.value();
    }
    return true;
  }
  std::set<std::string> names;
  std::set<std::string> links;
  std::set<std::string> ids;
};

Vocabulary vocabulary(const std::string& page) {
  Vocabulary found;
  pugi::xml_document document;
  const auto result = document.load_string(page.c_str(), pugi::parse_full);
  EXPECT_TRUE(result) << result.description() << " at " << result.offset;
  document.traverse(found);
  return found;
}

class Html : public testing::Test {
 protected:
  void load(const verdict::RunRecord& record) {
    ASSERT_TRUE(document_.load_string(written(record).c_str(), pugi::parse_full | pugi::parse_ws_pcdata));
  }
  pugi::xml_node by_id(const std::string& id) const {
    return document_.find_node([&](const pugi::xml_node& node) { return node.attribute("id").value() == id; });
  }
  static std::string text_of(pugi::xml_node node) {
    std::string out = node.value();
    for (const auto child : node.children()) out += text_of(child);
    return out;
  }
  pugi::xml_document document_;
};

TEST_F(Html, SaysFirstWhetherTheServerConformsAndHowMuchWasJudged) {
  const std::string page = written(golden::plain_record());
  const auto sentence = page.find("The server does not conform");
  ASSERT_NE(sentence, std::string::npos);
  EXPECT_LT(sentence, page.find("6 of 7 applicable requirements judged"));
  EXPECT_LT(page.find("applicable requirements judged"), page.find("id=\"findings\""));
  EXPECT_THAT(written(golden::conforming_record()), HasSubstr("no server of yours was tested"));
}

TEST_F(Html, AFailureHoldsAllThatItsAuthorNeeds) {
  load(golden::plain_record());
  const auto row = by_id("s-smtp.mail.malformed-path_5bpath_3d_3ca_40b_5d");
  ASSERT_TRUE(row);
  EXPECT_TRUE(row.attribute("open"));
  const std::string text = text_of(row);
  for (const auto* part : {"C: MAIL FROM:<a@b", "^ expected 5xx",
                           "RFC 5321 \xc2\xa7"
                           "4.1.1.2",
                           "IMPLIED", "MAIL takes a reverse-path", "A server that takes a path", "The address parser",
                           "smtpspec run --target 127.0.0.1:2525", "[[waiver]]", "scenarios/rfc5321/mail.smtp:40",
                           "The same in all of 2 tries"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_EQ(text_of(row.find_node([](const auto& node) { return std::string(node.name()) == "mark"; })), "250");
}

TEST_F(Html, TlsIsSeenInTheTranscript) {
  load(golden::plain_record());
  const auto wire = by_id("s-smtp.starttls.injected-command").child("div").child("div");
  EXPECT_TRUE(wire.find_child_by_attribute("p", "class", "e up"));
  EXPECT_EQ(text_of(wire.find_child_by_attribute("p", "class", "c tls")), "220.009C1: EHLO client.example");
  EXPECT_EQ(text_of(wire.find_child_by_attribute("p", "class", "c")), "170.002C1: STARTTLS");
}

TEST_F(Html, EveryRequirementLinksToItsSection) {
  load(golden::plain_record());
  const auto row = by_id("r-RFC3207-4.2-01");
  const auto link = row.find_node([](const auto& node) { return std::string(node.name()) == "a"; });
  EXPECT_STREQ(link.attribute("href").value(), "https://www.rfc-editor.org/rfc/rfc3207#section-4.2");
  EXPECT_STREQ(row.attribute("data-e").value(), "STARTTLS");
  EXPECT_STREQ(row.attribute("data-o").value(), "violated");
}

TEST_F(Html, EveryInnerLinkHasATarget) {
  for (const auto& record : {golden::plain_record(), golden::conforming_record(), golden::hostile_record()}) {
    const auto found = vocabulary(written(record));
    for (const auto& link : found.links) {
      const bool is_filter = link.starts_with("#?");
      if (!link.starts_with("#") || is_filter) continue;
      EXPECT_THAT(found.ids, Contains(link.substr(1)));
    }
  }
}

// Whatever a server or a file says, it adds no element and no attribute, and no address but those of this page and of
// the RFC editor.
TEST_F(Html, OctetsOfARecordNeverBecomeMarkup) {
  auto ours = vocabulary(written(golden::plain_record())).names;
  ours.merge(vocabulary(written(golden::conforming_record())).names);
  ours.insert("details@data-t");  // the tags of a scenario, of which the other two records have none
  for (const auto& name : ours) EXPECT_THAT(name, Not(HasSubstr("@on")));
  EXPECT_THAT(ours, Not(Contains("img")));
  for (const auto& record : {golden::hostile_record(), golden::raw_record()}) {
    const std::string page = written(record);
    const auto found = vocabulary(page);
    for (const auto& name : found.names) EXPECT_TRUE(ours.count(name) == 1) << name;
    for (const auto& link : found.links)
      EXPECT_TRUE(link.starts_with("#") || link.starts_with("https://www.rfc-editor.org/rfc/rfc") || link == "data:,")
          << link;
    for (const char c : page) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
    for (const auto* hidden : {"\x7f", "\xe2\x80\xae", "\xe2\x80\xa8", "\xef\xbf\xbe", "<script>alert", "<img"})
      EXPECT_THAT(page, Not(HasSubstr(hidden)));
  }
}

TEST_F(Html, ThePolicyAllowsThePagesOwnStyleAndScriptAndNothingElse) {
  load(golden::plain_record());
  const auto policy = document_.find_node(
      [](const auto& node) { return std::string(node.attribute("http-equiv").value()) == "Content-Security-Policy"; });
  const std::string content = policy.attribute("content").value();
  EXPECT_THAT(content, StartsWith("default-src 'none'; "));
  EXPECT_THAT(content, Not(HasSubstr("unsafe")));
  for (const auto& asset : {html::kReportAssets.style, html::kReportAssets.script}) {
    EXPECT_EQ(asset.sha256.size(), 44U);
    EXPECT_THAT(content, HasSubstr("'sha256-" + std::string(asset.sha256) + "'"));
  }
}

TEST_F(Html, AThousandFailuresAreNotAllOpen) {
  auto record = golden::plain_record();
  const auto failure = record.scenarios[1];
  for (int i = 0; i < 1000; ++i) {
    record.scenarios.push_back(failure);
    record.scenarios.back().id = "smtp.many[n=" + std::to_string(i) + "]";
  }
  load(record);
  EXPECT_TRUE(by_id("fail").attribute("open"));
  EXPECT_FALSE(by_id("s-smtp.many_5bn_3d0_5d").attribute("open"));
}

TEST(HtmlLinks, LeadToTheRfcEditorOrNowhere) {
  EXPECT_EQ(html::rfc_link("RFC 5321 \xc2\xa7"
                           "4.1.1.2"),
            "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.2");
  EXPECT_EQ(html::rfc_link("RFC 5321 \xc2\xa7"
                           "F.2"),
            "https://www.rfc-editor.org/rfc/rfc5321#appendix-F.2");
  for (const auto* section : {"", "RFC 5321",
                              "Internet draft \xc2\xa7"
                              "1",
                              "RFC 1/../x \xc2\xa7"
                              "4",
                              "RFC 5321 \xc2\xa7"
                              "4\"><b>",
                              "RFC 5321 \xc2\xa7",
                              "RFC 123456 \xc2\xa7"
                              "1"})
    EXPECT_EQ(html::rfc_link(section), "") << section;
}

TEST(HtmlAnchors, AreUniqueAndPlain) {
  EXPECT_EQ(html::anchor("s-", "smtp.a[b=c d]"), "s-smtp.a_5bb_3dc_20d_5d");
  EXPECT_NE(html::anchor("s-", "a_5b"), html::anchor("s-", "a["));
}

TEST(HtmlSections, AreInTheOrderOfTheirNumbers) {
  EXPECT_TRUE(html::is_before("4.1.1.2", "4.1.1.10"));
  EXPECT_FALSE(html::is_before("4.1.1.10", "4.1.1.2"));
  EXPECT_TRUE(html::is_before("4.1", "4.1.1"));
  EXPECT_TRUE(html::is_before("9", "C"));
  EXPECT_FALSE(html::is_before("4.1", "4.1"));
}

}  // namespace
}  // namespace smtpspec::reports
