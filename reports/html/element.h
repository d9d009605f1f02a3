// HTML by way of an XML library: no text and no attribute's value can become markup, whatever octets it holds. What is
// written is HTML and well-formed XML at once, so that a test can read it back.
#pragma once

#include <iosfwd>
#include <memory>
#include <string_view>

namespace pugi {
class xml_document;
struct xml_node_struct;
}  // namespace pugi

namespace smtpspec::reports::html {

// One element of a fragment, which owns it. A handle: copying it copies no markup.
class Element {
 public:
  explicit Element(pugi::xml_node_struct* node) : node_(node) {}

  // A new last child. `name` and `class_name` are ours, never a record's.
  Element add(const char* name, std::string_view class_name = {});
  // As add(), with this text in it.
  Element add(const char* name, std::string_view class_name, std::string_view text);

  // `value` and `text` may be any octets: what XML cannot hold, or what hides, is escaped visibly (reports/xml_text.h).
  Element& set(const char* attribute, std::string_view value);
  Element& text(std::string_view text);

 private:
  pugi::xml_node_struct* node_;
};

// A part of a page that is written as soon as it is complete: a page of any length needs the memory of its longest
// part.
class Fragment {
 public:
  explicit Fragment(const char* name, std::string_view class_name = {});
  ~Fragment();
  Fragment(const Fragment&) = delete;
  Fragment& operator=(const Fragment&) = delete;

  Element root();
  void write(std::ostream& out) const;

 private:
  std::unique_ptr<pugi::xml_document> document_;
};

}  // namespace smtpspec::reports::html
