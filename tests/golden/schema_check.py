#!/usr/bin/python3
"""Checks JSON Lines on standard input against the schema: schema_check.py [SCHEMA]

Prints what is wrong, and where; status 1 when anything is.
"""
import json
import sys

import jsonschema

from evidence import SCHEMA


class Checker:
    """The schema, taken apart by the type of row: one way to fail gives one message."""

    def __init__(self, path=SCHEMA):
        with open(path, encoding="utf-8") as text:
            schema = json.load(text)
        jsonschema.Draft7Validator.check_schema(schema)
        self.whole = jsonschema.Draft7Validator(schema)
        self.rows = {name: jsonschema.Draft7Validator(
            {"$ref": f"#/definitions/{name}", "definitions": schema["definitions"]})
            for name in schema["properties"]["type"]["enum"]}

    def faults(self, line):
        """What is wrong with one line of output."""
        try:
            row = json.loads(line)
        except ValueError as error:
            return [f"no JSON: {error}"]
        if not isinstance(row, dict) or next(iter(row), None) != "type":
            return ["\"type\" does not come first"]
        check = self.rows.get(row["type"], self.whole)
        return [f"{'.'.join(map(str, e.absolute_path)) or row['type']}: {e.message}"
                for e in check.iter_errors(row)]


def main():
    checker = Checker(*sys.argv[1:])
    wrong = count = 0
    for count, line in enumerate(sys.stdin, 1):
        for fault in checker.faults(line):
            wrong += 1
            print(f"line {count}: {fault[:300]}")
    print(f"{count} lines, {wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
