#!/usr/bin/env python3
"""validate_run_record.py SCHEMA RECORD: the record fits the schema, and the schema refuses records that are damaged."""
import copy
import json
import sys

import jsonschema


def damaged(record):
    """One copy of the record for each kind of damage that a consumer relies on never seeing."""
    def with_change(change):
        broken = copy.deepcopy(record)
        change(broken)
        return broken

    yield "no schema", with_change(lambda r: r.pop("schema"))
    yield "other schema", with_change(lambda r: r.update(schema="smtpspec-run/2"))
    yield "unknown verdict", with_change(lambda r: r["scenarios"][0].update(verdict="maybe"))
    yield "no scenario id", with_change(lambda r: r["scenarios"][0].pop("id"))
    yield "negative count", with_change(lambda r: r["summary"].update({"pass": -1}))
    yield "local time", with_change(lambda r: r.update(started="2026-11-24 03:13"))
    wire = next((i for i, s in enumerate(record["scenarios"]) if s["wire"]), None)
    if wire is None:
        return
    yield "raw octets", with_change(lambda r: r["scenarios"][wire]["wire"][0].update(octets="\u00ff"))
    yield "broken escape", with_change(lambda r: r["scenarios"][wire]["wire"][0].update(octets="\\q"))
    yield "unknown direction", with_change(lambda r: r["scenarios"][wire]["wire"][0].update(direction="X"))


def main():
    schema_path, record_path = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(record_path, encoding="utf-8") as file:
        record = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(record)]
    failures += [f"not refused: {name}" for name, broken in damaged(record) if validator.is_valid(broken)]
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
