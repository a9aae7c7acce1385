"""Validates Kubernetes objects with the schemas that tests/helm/install installs.

usage: validate.py FOLDER VERSION <OBJECTS

FOLDER is the output of tests/helm/install, and VERSION is a version of Kubernetes in it, such as
1.30. Unknown kinds and unknown fields are errors.
"""

import json
import pathlib
import sys

import jsonschema_rs
import yaml


def schema_of(schemas: pathlib.Path, item: dict) -> dict:
    """Returns the schema of an object. Files have the kind and the first part of the group."""
    api_version, kind = item["apiVersion"], item["kind"]
    if (api_version, kind) == ("monitoring.coreos.com/v1", "ServiceMonitor"):
        file = pathlib.Path(__file__).with_name("servicemonitor.schema.json")
        return json.loads(file.read_text())
    group, _, version = api_version.rpartition("/")
    parts = [kind.lower(), group.split(".")[0], version]
    file = schemas / ("-".join(part for part in parts if part) + ".json")
    if not file.exists():
        sys.exit(f"no schema for {api_version} {kind}")
    return json.loads(file.read_text())


def main() -> int:
    """Prints a line for each fault, and returns the exit status."""
    schemas = pathlib.Path(sys.argv[1], "schemas", sys.argv[2])
    definitions = json.loads((schemas / "_definitions.json").read_text())
    registry = jsonschema_rs.Registry([(definitions["$id"], definitions)])
    items = [item for item in yaml.safe_load_all(sys.stdin) if item is not None]
    faults = [] if items else ["no objects"]
    for item in items:
        validator = jsonschema_rs.validator_for(schema_of(schemas, item), registry=registry)
        for error in validator.iter_errors(item):
            path = "".join(f".{part}" for part in error.instance_path)
            faults.append(f"{item['kind']} {item['metadata']['name']}{path}: {error.message}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


sys.exit(main())
