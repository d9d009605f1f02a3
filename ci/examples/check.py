#!/usr/bin/env python3
"""check.py SMTPSPEC: the examples beside this file are YAML, name real options, and do what they say.

What they need a cluster or a forge for is not run: of the Job, its pods are played as processes with the variables that
Kubernetes would set, and the command line of the manifest as it stands but for its target and its folder.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).parent
PROGRAM = os.path.abspath(sys.argv[1])


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)


def check_options(path, documents):
    # Every command has the same formats; the help of one names them.
    formats = subprocess.run([PROGRAM, "run", "--help"], capture_output=True, check=True).stdout.decode()
    for text in (t for document in documents for t in strings(document)):
        for command, rest in re.findall(r"smtpspec (run|merge|diff|fuzz|replay)\b(.*)", text):
            helped = subprocess.run([PROGRAM, command, "--help"], capture_output=True, check=True).stdout.decode()
            for option in re.findall(r"(--[a-z-]+)", re.sub(r"'[^']*'", "", rest)):
                assert option in helped, f"{path}: {command} has no {option}"
            for name in re.findall(r"--report ([a-z-]+):", rest):
                assert re.search(rf"\b{name}\b", formats), f"{path}: there is no format {name}"


def play_job(documents):
    jobs = {document["metadata"]["name"]: document["spec"] for document in documents if document["kind"] == "Job"}
    shards, merge = jobs["smtpspec-shards"], jobs["smtpspec-merge"]
    assert shards["completionMode"] == "Indexed"
    container = shards["template"]["spec"]["containers"][0]
    variables = {each["name"]: each["value"] for each in container["env"]}
    assert int(variables["SMTPSPEC_SHARDS"]) == shards["completions"]
    environment = {name: value for name, value in os.environ.items() if not name.endswith(("_INDEX", "_TOTAL"))}
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(PROGRAM, os.path.join(folder, "smtpspec"))
        environment["PATH"] = folder + ":" + environment["PATH"]

        def play(spec, more):
            line, = spec["template"]["spec"]["containers"][0]["args"]
            line = line.replace("/records", folder).replace("--target mail.example:25 ", "")
            return subprocess.run(["/bin/sh", "-c", line], env={**environment, **more}, capture_output=True, timeout=120)

        for index in range(shards["completions"]):
            if index == shards["completions"] - 1:
                assert play(merge, {}).returncode == 3, "a missing shard was not refused"
            done = play(shards, {**variables, "JOB_COMPLETION_INDEX": str(index)})
            assert done.returncode == 0, done.stderr.decode()
        merged = play(merge, {})
        assert merged.returncode == 0, merged.stdout.decode() + merged.stderr.decode()


def play_nights(name, documents):
    """Two nights of a fuzzing job: the first finds a bug, the second, with the bug mended, goes on with the corpus."""
    fuzz, = [text for document in documents for text in strings(document) if text.startswith("smtpspec fuzz")]
    replay, = [text for document in documents for text in strings(document) if "smtpspec replay" in text]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "smtpspec").symlink_to(PROGRAM)
        (root / "conformance/found").mkdir(parents=True)
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "CI_PIPELINE_IID": "7"}

        def play(line, server):
            line = line.replace("./build/mymta --port {port}", server).replace("--seconds 600", "--seconds 5")
            line = re.sub(r"\$\{\{.*?\}\}", "7", line)
            return subprocess.run(["/bin/sh", "-ec", line], cwd=folder, env=environment, capture_output=True, timeout=200)

        def corpus():
            return {file.name for file in (root / "smtp-fuzz/corpus").iterdir()}

        bad = "exec smtpspec serve --port {port} --defect rset-keeps-recipients"
        good = "exec smtpspec serve --port {port}"
        first = play(fuzz, bad)
        if b"without libFuzzer" in first.stderr:
            return
        assert first.returncode == 1, (name, first.stdout, first.stderr)
        assert (root / "fuzz.json").stat().st_size > 0 and b"<failure" in (root / "fuzz.xml").read_bytes()
        learnt = corpus()
        assert learnt, "nothing was kept"
        found = list((root / "smtp-fuzz/findings").glob("*.smtp"))
        assert found, "no finding was written"
        for file in found:
            file.rename(root / "conformance/found" / file.name)
        assert play(replay, bad).returncode == 1, "a bug that is there again was not seen"
        mended = play(replay, good)
        assert mended.returncode == 0, (name, mended.stdout, mended.stderr)
        second = play(fuzz, good)
        assert second.returncode == 0, (name, second.stdout, second.stderr)
        assert learnt & corpus(), "the corpus was not gone on with"


def main():
    files = sorted(HERE.glob("**/*.y*ml"))
    assert len(files) == 5, files
    for path in files:
        with open(path, encoding="utf-8") as file:
            documents = list(yaml.safe_load_all(file))
        check_options(path.name, documents)
        if path.name == "job.yaml":
            play_job(documents)
        if path.name.endswith("-fuzz.yml"):
            play_nights(path.name, documents)
    print(f"{len(files)} examples")


if __name__ == "__main__":
    main()
