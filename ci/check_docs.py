#!/usr/bin/env python3
"""Checks that what the texts and sources cite exists. `--self-test` checks the checker.

Requirement ids (RFC5321-4.5.2-02) in harness, reports, fuzz, scenarios, ci/profiles and the pages must stand in
scenarios/catalogue/*.toml. Files that the pages name, as links or in backticks, must exist.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ID = re.compile(r"\bRFC\d{3,5}-[0-9A-Z][0-9A-Za-z.]*-\d{2,3}\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:\.?[\w.-]+/)+[\w.-]*|[A-Z][\w]*\.(?:md|json|txt)|LICENSE")
SOURCES = ("harness", "reports", "fuzz", "scenarios", "ci/profiles")
TOP = ("harness", "scenarios", "fuzz", "reports", "tests", "ci", ".ci")


def pages_of(root):
    # Golden pages tell of hostile servers; what they name is nobody's.
    tests = [page for page in root.glob("tests/**/*.md") if "golden" not in page.parts]
    return sorted([*root.glob("*.md"), *root.glob("ci/**/*.md"), *root.glob("scenarios/**/*.md"), *tests])


def known_ids(root):
    ids = set()
    for file in sorted(root.glob("scenarios/catalogue/*.toml")):
        for entry in tomllib.loads(file.read_text()).get("requirement", []):
            ids.add(entry["id"])
    return ids


def numbered(text, pattern):
    for number, line in enumerate(text.splitlines(), 1):
        for found in pattern.finditer(line):
            yield number, found


def unknown_ids(name, text, ids):
    return [f"{name}:{number}: {found[0]} is not in the catalogue"
            for number, found in numbered(text, ID) if found[0] not in ids]


def missing_files(name, text, exists):
    """`exists` takes a path relative to the page's folder and one relative to the root."""
    complaints = []
    for number, found in numbered(text, LINK):
        if "://" not in found[1] and not found[1].startswith("mailto:") and not exists(name, found[1]):
            complaints.append(f"{name}:{number}: link to {found[1]}, which does not exist")
    for number, found in numbered(text, CODE):
        for word in found[1].split():
            is_ours = word.split("/")[0] in TOP or "/" not in word
            if PATH.fullmatch(word) and is_ours and not exists(name, word):
                complaints.append(f"{name}:{number}: names {word}, which does not exist")
    return complaints


def check(root):
    ids = known_ids(root)
    if not ids:
        return ["scenarios/catalogue: no requirement found"]

    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES],
        check=True, capture_output=True, text=True).stdout
    files = {root / path for path in listing.split("\0") if path} | set(pages_of(root))

    def exists(page, path):
        # A name in capitals stands for any: `ci/servers/NAME`.
        if any(re.fullmatch(r"[A-Z]+", part.split(".")[0]) for part in path.split("/")[1:]):
            return True
        return (root / path).exists() or ((root / page).parent / path).exists()

    complaints = []
    for file in sorted(files):
        if not file.is_file() or file.parent == root / "scenarios/catalogue":
            continue
        name = str(file.relative_to(root))
        text = file.read_text(errors="replace")
        complaints += unknown_ids(name, text, ids)
        if file.suffix == ".md":
            complaints += missing_files(name, text, exists)
    return complaints


def self_test():
    ids = {"RFC5321-4.5.2-02"}
    assert unknown_ids("a", "x RFC5321-4.5.2-02 y", ids) == []
    assert unknown_ids("a", "\nsee [RFC5321-4.5.2-03]", ids) == ["a:2: RFC5321-4.5.2-03 is not in the catalogue"]
    assert unknown_ids("a", "RFC 5321 §4.5.2 and RFC5321-4.1*", ids) == []
    there = {"ci/check.sh", "README.md"}
    def exists(_, path):
        return path in there
    assert missing_files("P", "`ci/check.sh` and [r](README.md#top), `build/x/y`, `run.json`", exists) == []
    assert len(missing_files("P", "`ci/gone.sh build` [g](gone.md) `GONE.md`", exists)) == 3
    assert missing_files("P", "[w](https://www.rfc-editor.org/) `--report json:a/b` `4xx/5xx`", exists) == []
    print("self-test: passed")


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    complaints = check(Path(__file__).resolve().parent.parent)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
