#!/usr/bin/env python3
"""A charm in plain Python: every hook and action is a link to this file, and tools are run as processes."""

import json
import os
import subprocess
import sys
import tempfile


def run(*command, text=None, check=True):
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=check)


def ask(*command):
    return json.loads(run(*command).stdout)


def log(message):
    run("juju-log", "-l", "INFO", message)


def publish_as_charm_helpers_does(relation_id, settings):
    if "--file" not in run("relation-set", "--help").stdout:
        raise SystemExit("relation-set has no --file")
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        for key, value in settings.items():
            file.write("%s: %s\n" % (key, "null" if value is None else json.dumps(value)))
        file.flush()
        run("relation-set", "-r", relation_id, "--file", file.name)


def publish_as_ops_does(relation_id, settings):
    run("relation-set", "-r", relation_id, "--file", "-", text=json.dumps(settings))


def read_greetings():
    greetings = {}
    for relation_id in ask("relation-ids", "--format=json", "greeting"):
        for unit in ask("relation-list", "--format=json", "-r", relation_id):
            settings = ask("relation-get", "--format=json", "-r", relation_id, "-", unit)
            if "words" in settings:
                greetings[unit] = settings["words"]
    return greetings


def installed():
    run("status-set", "maintenance", "installing")
    run("application-version-set", "--", sys.version.split()[0])
    missing = run("function-get", check=False) if os.access("/function-get", os.X_OK) else None
    assert missing is None
    nothing = run("relation-get", "--format=json", "key", check=False)
    assert (nothing.returncode, nothing.stdout) == (2, ""), nothing
    unknown = run("network-get", "nowhere", "--format", "yaml", check=False)
    assert "no network config found for binding" in unknown.stderr, unknown


def config_changed():
    config = ask("config-get", "--all", "--format=json")
    log("config %s" % json.dumps(config, sort_keys=True))
    assert config["volume"] == 1000000 and isinstance(config["volume"], int)


def greeting_changed():
    relation_id = os.environ["JUJU_RELATION_ID"]
    greetings = read_greetings()
    publish_as_ops_does(relation_id, {"heard": json.dumps(sorted(greetings)), "gone": ""})
    publish_as_charm_helpers_does(relation_id, {"reader": os.environ["JUJU_UNIT_NAME"], "nothing": None})
    if ask("is-leader", "--format=json"):
        run("relation-set", "--app", "-r", relation_id, "count=%d" % len(greetings))
        run("leader-set", "greetings=%d" % len(greetings), "empty=")


def settle_status():
    greetings = read_greetings()
    if greetings:
        text = "; ".join("%s says %s" % item for item in sorted(greetings.items()))
        run("status-set", "--application=False", "active", "--", text)
    else:
        run("status-set", "--application=False", "waiting", "--", "nobody says a word")


def report():
    loud = ask("action-get", "--format=json", "loud")
    words = " and ".join(read_greetings().values())
    run("action-log", "--", "reading")
    run("action-set", "report.words=%s" % (words.upper() if loud else words), "report.count=%d" % len(read_greetings()))


def main():
    name = os.environ["JUJU_HOOK_NAME"] or os.path.basename(os.environ["JUJU_DISPATCH_PATH"])
    handlers = {
        "install": installed,
        "config-changed": config_changed,
        "greeting-relation-joined": greeting_changed,
        "greeting-relation-changed": greeting_changed,
        "greeting-relation-departed": lambda: log("departed %s" % os.environ["JUJU_DEPARTING_UNIT"]),
        "report": report,
    }
    handlers.get(name, lambda: None)()
    if name not in ("install", "report", "stop", "remove"):
        settle_status()


if __name__ == "__main__":
    main()
