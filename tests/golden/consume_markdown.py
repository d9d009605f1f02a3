#!/usr/bin/env python3
"""consume_markdown.py CMARK-GFM FILE: rendered as a forge renders it, the page holds the markup that we wrote and no
other: no link, no image, no mention, no reference to an issue, no element of a server's making.
"""
import html.parser
import re
import subprocess
import sys

ELEMENTS = {"h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "span", "pre",
            "details", "summary"}
VOID = {"br"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.failures = []
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            self.failures.append(f"<{tag}>")
        if dict(attributes) not in ({}, {"lang": "text"}, {"class": "language-text"}):
            self.failures.append(f"<{tag} {attributes}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.failures.append(f"</{tag}> closes nothing")

    def handle_comment(self, data):
        self.failures.append(f"<!-- {data[:60]}")

    def handle_data(self, data):
        # A forge looks through what is not code for people and issues.
        if "code" not in self.open and "pre" not in self.open and re.search(r"[@#]\w", data):
            self.failures.append(f"a mention: {data[:60]!r}")


def main():
    renderer, path = sys.argv[1:]
    with open(path, "rb") as file:
        octets = file.read()
    rendered = subprocess.run([renderer, "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", path],
                              capture_output=True, check=True, timeout=60).stdout.decode("utf-8")
    page = Page()
    page.feed(rendered)
    page.close()
    failures = page.failures + [f"<{tag}> is not closed" for tag in page.open]
    if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", octets):
        failures.append("a control octet")
    if len(octets.decode("utf-8")) > 65536:
        failures.append("too long for a comment")
    if "<table>" not in rendered or "<h2>" not in rendered:
        failures.append("no table or no heading")
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
