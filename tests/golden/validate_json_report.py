#!/usr/bin/env python3
"""validate_json_report.py FORMAT SCHEMA FILE: a JSON report fits its schema and agrees with itself.

FORMAT is sarif, ctrf or badge. Beyond the schema: what a consumer follows leads somewhere, counts are right, and no
text holds what a terminal or a viewer would obey.
"""
import json
import re
import sys
import unicodedata
import urllib.parse

import jsonschema


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)


def check_text(text):
    for character in text:
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn"):
            yield f"U+{ord(character):04X} in {text[:60]!r}"
            return


def check_sarif(report):
    for run in report["runs"]:
        rules = run["tool"]["driver"]["rules"]
        ids = [rule["id"] for rule in rules]
        if len(ids) != len(set(ids)):
            yield "two rules have one id"
        fingerprints = []
        for result in run["results"]:
            if ids[result["ruleIndex"]] != result["ruleId"]:
                yield f"ruleIndex {result['ruleIndex']} is not {result['ruleId']}"
            if (result["kind"] == "fail") == (result["level"] == "none"):
                yield f"level {result['level']} of kind {result['kind']}"
            fingerprints += result["partialFingerprints"].values()
            for place in result.get("locations", []):
                artifact = place["physicalLocation"]["artifactLocation"]
                if artifact["uriBaseId"] not in run["originalUriBaseIds"]:
                    yield "a base that is not told"
                uri = urllib.parse.urlsplit(artifact["uri"])
                if uri.scheme or uri.netloc or uri.path.startswith("/"):
                    yield f"not relative: {artifact['uri']}"
        if len(fingerprints) != len(set(fingerprints)):
            yield "two results have one fingerprint"
        for rule in rules:
            if not re.fullmatch(r"https://www\.rfc-editor\.org/rfc/rfc[0-9]+#section-[0-9.]+",
                                rule.get("helpUri", "https://www.rfc-editor.org/rfc/rfc1#section-1")):
                yield f"helpUri {rule['helpUri']}"


def check_ctrf(report):
    summary = report["results"]["summary"]
    tests = report["results"]["tests"]
    if summary["tests"] != len(tests):
        yield "the count of tests is wrong"
    for status in ("passed", "failed", "skipped", "pending", "other"):
        if summary[status] != sum(test["status"] == status for test in tests):
            yield f"the count of {status} is wrong"
    names = [(tuple(test["suite"]), test["name"]) for test in tests]
    if len(names) != len(set(names)):
        yield "two tests have one name"


def check_badge(report):
    if report["isError"] != (report["color"] == "red"):
        yield "an error is red, and nothing else is"


def main():
    name, schema_path, path = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    checker = jsonschema.FormatChecker()
    failures = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                for e in validator(schema, format_checker=checker).iter_errors(report)]
    if validator(schema).is_valid({}):
        failures.append("the schema takes anything")
    failures += {"sarif": check_sarif, "ctrf": check_ctrf, "badge": check_badge}[name](report)
    for text in texts(report):
        failures += check_text(text)
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
