#!/usr/bin/env python3
"""ci/fuzz_coverage.py COVERAGE.json [--list] [--at-least PERCENT]: what `llvm-cov export` says, as one figure a room: both
outcomes of every branch, and every function. Left out is what only a named defect of the reference server reaches: files and
functions that are named after defects, conditions that ask for one, and what stands in the branch that such a condition opens.
Exits 1 below PERCENT (90) in either room."""
import argparse
import json
import pathlib
import re
import subprocess
import sys
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parent.parent
ASKS = re.compile(r"Defect::|defects_?\b|defective|spoil")
# A condition that holds where there is no defect opens no branch of theirs.
DENIES = re.compile(r"!\s*(?:\w+(?:\.|->))*has\(Defect::\w+\)|(?<!!)(?<!\w)\w*(?:(?:\.|->)\w+)*defects_?\.empty\(\)")
# What only defects set: of these, the branch that they open.
STATE = re.compile(r"\b(?:watches_for_look_alikes_|ended_by_look_alike_|answered_early_|receives_content_as_commands_|"
                   r"answered_before_end_of_data_|kept_transaction_|owes_greeting_)\b")
FATE = re.compile(r"\bReplyFate::")
WITHOUT = re.compile(r"\bif \((?:\w+(?:\.|->))*defects_?\.empty\(\)\) return[^;]*;")
KNOWN = re.compile(r"\b(?:const )?bool (\w+) =[^;]*?(?:Defect::|defects_?\b|spoil|defective)[^;]*;")
DEFECT_FILE = re.compile(r"defect|wrong_replies")
DEFECT_FUNCTION = re.compile(r"spoil|[Dd]efect|instrument")


def end_of(text, at, opening, closing):
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for index in range(at, len(text)):
        depth += (text[index] == opening) - (text[index] == closing)
        if depth == 0:
            return index + 1
    return len(text)


def statement_end(text, at):
    """Behind the statement that begins at `at` or, blanks aside, after it."""
    while at < len(text) and text[at].isspace():
        at += 1
    if text.startswith("{", at):
        return end_of(text, at, "{", "}")
    index = at
    while index < len(text) and text[index] != ";":
        if text[index] in "({":
            index = end_of(text, index, text[index], ")" if text[index] == "(" else "}")
        else:
            index += 1
    return index + 1


def defect_places(text):
    """Ranges of octets that only defects reach: bodies of conditions that ask for one, and lines that name one."""
    places = []
    for match in WITHOUT.finditer(text):  # what comes behind, to the end of the block
        depth, at = 0, match.end()
        while at < len(text) and depth >= 0:
            depth += (text[at] == "{") - (text[at] == "}")
            at += 1
        places.append((match.end(), at))
    known = {}  # a name that stands for a defect, from where on
    for match in KNOWN.finditer(text):
        known.setdefault(match.group(1), match.start())
        places.append((match.start(), match.end()))

    def asks(condition, at):
        return ASKS.search(condition) or STATE.search(condition) or FATE.search(condition) or any(
            begin < at < begin + 3000 and re.search(rf"(?<!!)\b{name}\b", condition) for name, begin in known.items())

    for match in re.finditer(r"\bif (?:constexpr )?\(", text):
        opened = match.end() - 1
        behind = end_of(text, opened, "(", ")")
        condition = DENIES.sub("", text[opened:behind])
        if asks(condition, match.start()) and " || " not in condition:
            places.append((match.start(), statement_end(text, behind)))
        elif asks(condition, match.start()):
            places.append((match.start(), behind))
    begin = 0
    for line in text.splitlines(keepends=True):
        if asks(line, begin) or "while (true)" in line:
            places.append((begin, begin + len(line)))
        begin += len(line)
    return places


class Source:
    def __init__(self, path):
        self.text = path.read_text(encoding="utf-8")
        self.begins = [0]
        for line in self.text.split("\n"):
            self.begins.append(self.begins[-1] + len(line) + 1)
        self.places = defect_places(self.text)

    def is_for_defects(self, line, column):
        at = self.begins[line - 1] + column - 1
        return any(begin <= at < end for begin, end in self.places)


def calls_of(name, texts):
    """(file, place) of each call; definitions and declarations are none."""
    for path, text in texts.items():
        for match in re.finditer(rf"(?<!\w){re.escape(name)}\(", text):
            behind = end_of(text, match.end() - 1, "(", ")")
            is_definition = re.match(r"\s*(?:const\s*)?(?:noexcept\s*)?\{", text[behind:])
            if not is_definition and path.suffix == ".cc":
                yield path, match.start()


def leave_out_what_only_defects_call(edges, sources, bodies):
    """Functions that are called, but from nowhere else than places and functions of defects, and what stands in them."""
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in (ROOT / "harness/server").glob("*.cc")}
    names = subprocess.run(["c++filt"], input="\n".join(body[3].split(":")[-1] for body in bodies), capture_output=True,
                           text=True, check=True).stdout.splitlines()
    left = {}
    for (path, line, column, _), full in zip(bodies, names):
        relative = pathlib.Path(path).resolve().relative_to(ROOT).as_posix()
        found = re.search(r"(\w+)(?:\[abi:cxx11\])?\(", full)
        if found and edges.get((relative, line, column, "function")) == 0:
            left[(relative, line, column)] = found.group(1)
    has_changed = True
    while has_changed:
        has_changed = False
        for key, name in list(left.items()):
            calls = list(calls_of(name, texts))
            if not calls or not all(
                    DEFECT_FILE.search(path.name) or path.as_posix() in sources and
                    any(begin <= at < end for begin, end in sources[path.as_posix()].places) for path, at in calls):
                continue
            source = sources[key[0]]
            begin = source.begins[key[1] - 1] + key[2] - 1
            source.places.append((begin, end_of(source.text, begin, "{", "}")))
            del left[key]
            has_changed = True
    for key in [key for key in edges if sources[key[0]].is_for_defects(key[1], key[2])]:
        del edges[key]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("coverage")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--at-least", type=float, default=90)
    options = parser.parse_args()
    data = json.load(open(options.coverage, encoding="utf-8"))["data"][0]
    edges = {}  # (file, line, column, what) -> times; of all instances of a template together
    sources = {}
    bodies = []
    named = []  # after defects

    def add(path, line, column, what, count):
        relative = pathlib.Path(path).resolve().relative_to(ROOT).as_posix()
        if relative not in sources:
            sources[relative] = Source(ROOT / relative)
        if sources[relative].is_for_defects(line, column):
            return
        key = (relative, line, column, what)
        edges[key] = edges.get(key, 0) + count

    def counts(path):
        parts = pathlib.Path(path).resolve().parts
        room = parts[-2]
        return room in ("wire", "server") and not DEFECT_FILE.search(parts[-1])

    for file in data["files"]:
        for branch in file.get("branches", []):
            if counts(file["filename"]):
                add(file["filename"], branch[0], branch[1], "true", branch[4])
                add(file["filename"], branch[0], branch[1], "false", branch[5])
    for function in data["functions"]:
        path = function["filenames"][0]
        if counts(path) and DEFECT_FUNCTION.search(function["name"]):
            named.append((path, *function["regions"][0][:2]))
        elif counts(path):
            region = function["regions"][0]
            add(path, region[0], region[1], "function", function["count"])
            bodies.append((path, region[0], region[1], function["name"]))

    for path, line, column in named:
        relative = pathlib.Path(path).resolve().relative_to(ROOT).as_posix()
        if relative in sources:
            source = sources[relative]
            begin = source.begins[line - 1] + column - 1
            source.places.append((begin, end_of(source.text, begin, "{", "}")))
    leave_out_what_only_defects_call(edges, sources, bodies)
    rooms = defaultdict(lambda: [0, 0])
    files = defaultdict(lambda: [0, 0])
    for (path, line, column, what), count in sorted(edges.items()):
        room = path.split("/")[1]
        for table, name in ((rooms, room), (files, path)):
            table[name][0] += count > 0
            table[name][1] += 1
        if options.list and count == 0:
            print(f"{path}:{line}:{column}: never {what}: {sources[path].text.splitlines()[line - 1].strip()[:100]}")
    if options.list:
        for path, (reached, total) in sorted(files.items(), key=lambda one: one[1][1] - one[1][0], reverse=True)[:20]:
            print(f"{path}: {total - reached} of {total} edges not reached")
    is_good = bool(rooms)
    for room, (reached, total) in sorted(rooms.items()):
        share = 100 * reached / total
        is_good = is_good and share >= options.at_least
        print(f"{room}: {reached} of {total} edges, {share:.1f} %")
    if not is_good:
        sys.exit(f"fuzz_coverage: below {options.at_least:g} %")


if __name__ == "__main__":
    main()
