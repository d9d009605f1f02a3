#include "reports/html/element.h"

#include <algorithm>
#include <array>
#include <string>

#include <pugixml.hpp>

#include "reports/xml_text.h"

namespace smtpspec::reports::html {
namespace {

// HTML has no end tag for these. Of the elements without content that a page needs, they are all.
constexpr std::array<std::string_view, 2> kVoid = {"input", "meta"};

pugi::xml_node append(pugi::xml_node parent, const char* name, std::string_view class_name) {
  auto node = parent.append_child(name);
  if (!class_name.empty()) node.append_attribute("class").set_value(std::string(class_name).c_str());
  // An element without children would be written <p/>, which HTML takes for a <p> that is never closed.
  if (std::find(kVoid.begin(), kVoid.end(), name) == kVoid.end()) node.append_child(pugi::node_pcdata);
  return node;
}

}  // namespace

Element Element::add(const char* name, std::string_view class_name) {
  return Element(append(pugi::xml_node(node_), name, class_name).internal_object());
}

Element Element::add(const char* name, std::string_view class_name, std::string_view text) {
  Element element = add(name, class_name);
  element.text(text);
  return element;
}

Element& Element::set(const char* attribute, std::string_view value) {
  pugi::xml_node(node_).append_attribute(attribute).set_value(xml_attribute(value).c_str());
  return *this;
}

Element& Element::text(std::string_view text) {
  pugi::xml_node(node_).append_child(pugi::node_pcdata).set_value(xml_text(text).c_str());
  return *this;
}

Fragment::Fragment(const char* name, std::string_view class_name) : document_(std::make_unique<pugi::xml_document>()) {
  append(*document_, name, class_name);
}

Fragment::~Fragment() = default;

Element Fragment::root() { return Element(document_->first_child().internal_object()); }

void Fragment::write(std::ostream& out) const {
  document_->first_child().print(out, "", pugi::format_raw, pugi::encoding_utf8);
  out << '\n';
}

}  // namespace smtpspec::reports::html
