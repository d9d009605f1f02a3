#!/usr/bin/env python3
"""Checks every #include of the tree against ci/layers.txt. `--self-test` checks the checker."""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
COMMENT = re.compile(r"//.*$")


@dataclass
class Rules:
    rooms: dict = field(default_factory=dict)  # folder -> set of folders, or {"*"}
    pure: set = field(default_factory=set)
    world_headers: list = field(default_factory=list)
    world_tokens: list = field(default_factory=list)
    landlords: list = field(default_factory=list)  # (headers, places)
    allowed: dict = field(default_factory=dict)  # file -> set of world words
    foreign: set = field(default_factory=set)  # beginnings of paths
    longest: int = 0


def read_rules(text):
    rules = Rules()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        kind, rest = words[0], words[1:]
        if kind in ("room", "landlord", "allow"):
            colon = next((index for index, word in enumerate(rest) if word.endswith(":")), None)
            if colon is None:
                raise SystemExit(f"ci/layers.txt:{number}: '{kind}' needs a colon")
            left, right = rest[: colon + 1], rest[colon + 1 :]
            left[-1] = left[-1][:-1]
        if kind == "room":
            rules.rooms[left[0]] = set(right)
        elif kind == "pure":
            rules.pure |= set(rest)
        elif kind == "world":
            for word in rest:
                (rules.world_headers if word.startswith("<") else rules.world_tokens).append(word.strip("<>"))
        elif kind == "landlord":
            rules.landlords.append((left, right))
        elif kind == "allow":
            rules.allowed[left[0]] = {word.strip("<>") for word in right}
        elif kind == "foreign":
            rules.foreign |= set(rest)
        elif kind == "longest":
            rules.longest = int(rest[0])
        else:
            raise SystemExit(f"ci/layers.txt:{number}: unknown word '{kind}'")
    for room, others in rules.rooms.items():
        for other in others - {"*"}:
            if other not in rules.rooms:
                raise SystemExit(f"ci/layers.txt: room {room} names {other}, which is no room")
    for room in rules.pure - set(rules.rooms):
        raise SystemExit(f"ci/layers.txt: pure names {room}, which is no room")
    return rules


def is_below(path, place):
    return path == place or path.startswith(place + "/")


def room_of(path, rules):
    homes = [room for room in rules.rooms if is_below(path, room)]
    return max(homes, key=len) if homes else None


def matches(header, pattern):
    """`sys/` matches what is below it; `pugixml` matches pugixml.hpp; `unistd.h` itself."""
    if pattern.endswith("/"):
        return header.startswith(pattern)
    return header == pattern or header.rsplit(".", 1)[0] == pattern


def check_file(path, text, rules, exists):
    complaints = []
    room = room_of(path, rules)
    lines = text.splitlines()
    allowed = rules.allowed.get(path, set())

    def complain(number, what):
        complaints.append(f"{path}:{number}: {what}")

    if any(path.startswith(prefix) for prefix in rules.foreign):
        return complaints
    if room is None:
        complain(1, "lies in no room of ci/layers.txt")
        return complaints
    if rules.longest and len(lines) > rules.longest:
        complain(len(lines), f"has {len(lines)} lines; files are split at {rules.longest}")
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found:
            is_own, header = found[1] == '"', found[2]
            if is_own:
                target = room_of(header, rules)
                if target is None:
                    complain(number, f'"{header}" is not included from the root')
                elif target != room and target not in rules.rooms[room] and "*" not in rules.rooms[room]:
                    complain(number, f"{room} may not include {target}")
                elif not exists(header):
                    complain(number, f'"{header}" does not exist')
            for patterns, places in rules.landlords:
                if not any(matches(header, pattern) for pattern in patterns):
                    continue
                if not any(is_below(path, place) for place in places):
                    complain(number, f"<{header}> is included only in {', '.join(places)}")
            if room in rules.pure:
                for pattern in rules.world_headers:
                    if matches(header, pattern) and pattern not in allowed:
                        complain(number, f"{room} is pure and may not include <{header}>")
                        break
        elif room in rules.pure:
            code = COMMENT.sub("", line)
            for token in rules.world_tokens:
                if re.search(r"\b" + re.escape(token) + r"\b", code) and token not in allowed:
                    complain(number, f"{room} is pure and may not mention {token}")
    return complaints


def tracked_sources(root):
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.h", "*.cc"],
        check=True, capture_output=True, text=True).stdout
    return sorted(path for path in listing.split("\0") if path and (root / path).is_file())


def check_tree(root, rules, sources):
    def exists(header):
        return (root / header).is_file() or (root / (header + ".in")).is_file()

    complaints = []
    for path in sources:
        complaints += check_file(path, (root / path).read_text(errors="replace"), rules, exists)
    for path in rules.allowed:
        if not (root / path).is_file():
            complaints.append(f"ci/layers.txt: allow names {path}, which does not exist")
    return complaints


def self_test(rules):
    assert len(rules.rooms) > 10 and len(rules.pure) > 5 and len(rules.landlords) > 5, "rules are read"
    assert rules.world_headers and rules.world_tokens and rules.longest == 500
    assert rules.rooms["harness/base"] == set()
    assert not any("harness/cli" in others for others in rules.rooms.values()), "nobody includes cli"
    assert "harness/server" not in rules.rooms["harness/engine"], "the examiner does not know the examined"
    assert "harness/engine" not in rules.rooms["harness/server"], "the examined does not know the examiner"

    bad = {
        "harness/wire/up.cc": ('#include "harness/engine/event.h"', "harness/wire may not include harness/engine"),
        "harness/engine/peer.cc": ('#include "harness/server/session.h"', "may not include harness/server"),
        "harness/server/net.cc": ('#include "harness/server/net/server.h"', "may not include harness/server/net"),
        "harness/wire/near.cc": ('#include "reply.h"', "is not included from the root"),
        "harness/wire/gone.cc": ('#include "harness/wire/gone.h"', "does not exist"),
        "harness/engine/file.cc": ("#include <fstream>", "is pure and may not include <fstream>"),
        "harness/engine/sys.cc": ("#include <sys/socket.h>", "is pure and may not include <sys/socket.h>"),
        "harness/server/now.cc": ("auto t = std::chrono::steady_clock::now();", "may not mention steady_clock::now"),
        "harness/runner/tls.cc": ("#include <openssl/ssl.h>", "is included only in harness/transport"),
        "harness/cli/xml.cc": ("#include <pugixml.hpp>", "is included only in reports"),
        "harness/cli/run.cc": ("#include <boost/process/v2.hpp>", "is included only in harness/target"),
        "harness/base/long.cc": ("\n" * 501, "has 501 lines"),
        "elsewhere/a.cc": ("", "lies in no room"),
    }
    good = {
        "harness/wire/a.cc": '#include <string>\n#include "harness/base/octets.h"\n// steady_clock::now in a comment',
        "harness/server/net/b.cc": '#include "harness/server/session.h"\n#include <sys/socket.h>',
        "harness/transport/c.cc": "#include <openssl/ssl.h>\nauto t = std::chrono::steady_clock::now();",
        "ci/examples/e/e.cc": '#include "e.h"',
        "tests/unit/wire/d.cc": '#include "harness/cli/command.h"',
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path in ("harness/engine/event.h", "harness/server/session.h", "harness/server/net/server.h",
                     "harness/base/octets.h", "harness/cli/command.h", *rules.allowed):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("")
        for path, text in [*((path, text) for path, (text, _) in bad.items()), *good.items()]:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        for path, (_, expected) in bad.items():
            complaints = check_tree(root, rules, [path])
            assert len(complaints) == 1 and expected in complaints[0], (path, complaints)
        assert check_tree(root, rules, list(good)) == []
        for path in rules.allowed:
            (root / path).unlink()
        assert len(check_tree(root, rules, [])) == len(rules.allowed), "an exception that excuses nothing is found"
    print(f"self-test: {len(bad)} kinds of mistake are found")


def main():
    root = Path(__file__).resolve().parent.parent
    rules = read_rules((root / "ci/layers.txt").read_text())
    if sys.argv[1:] == ["--self-test"]:
        self_test(rules)
        return 0
    sources = tracked_sources(root)
    if not sources:
        print("no sources found", file=sys.stderr)
        return 1
    complaints = check_tree(root, rules, sources)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(sources)} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
