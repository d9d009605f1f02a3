#!/usr/bin/env python3
"""consume_github.py FILE: read as GitHub's runner reads a log, the file holds annotations and nothing else.

The runner takes a line for a command if it begins with "::" after blanks, or holds "##[": up to the next "::" stands
the command and its properties, the rest is the message; %25 %0D %0A, and %3A %2C in properties, are undone.
"""
import re
import sys

COMMAND = re.compile(r"^\s*::(?P<name>[a-z-]+)(?: (?P<properties>.*?))?::(?P<message>.*)$")


def main():
    with open(sys.argv[1], "rb") as file:
        octets = file.read()
    failures = []
    if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", octets):
        failures.append("a control octet")
    text = octets.decode("utf-8")
    counts = {}
    for line in text.splitlines():
        if "##[" in line or "##vso[" in line:
            failures.append(f"the older form of a command: {line[:80]}")
        found = COMMAND.match(line)
        if not found:
            failures.append(f"no command: {line[:80]}")
            continue
        counts[found["name"]] = counts.get(found["name"], 0) + 1
        for pair in found["properties"].split(","):
            name, _, value = pair.partition("=")
            if name not in ("file", "line", "title") or not value:
                failures.append(f"property {pair[:60]!r} in {line[:80]}")
            if re.search(r"%(?!25|0A|0D|3A|2C)", value):
                failures.append(f"not escaped: {value[:60]}")
        if re.search(r"%(?!25|0A|0D)", found["message"]):
            failures.append(f"not escaped: {found['message'][:60]}")
        for inner in re.sub("%0A", "\n", found["message"]).split("\n"):
            if COMMAND.match(inner):
                failures.append(f"a command within a message: {inner[:80]}")
    if not counts or set(counts) - {"error", "warning", "notice"} or max(counts.values()) > 10:
        failures.append(f"annotations {counts}")
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
