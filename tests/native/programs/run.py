"""Runs a program with Python's Automation API: run.py up|preview|destroy. CONFIG is its configuration."""

from __future__ import annotations

import json
import os
import runpy
import sys
from typing import Any

from pulumi import automation


def program() -> None:
    runpy.run_path("__main__.py")


def main(command: str) -> None:
    stack = automation.create_or_select_stack("dev", "openai", program)
    values = json.loads(os.environ.get("CONFIG", "{}"))
    stack.set_all_config({name: automation.ConfigValue(value["value"]) for name, value in values.items()})
    json.dump(result(stack, command), sys.stdout)


def result(stack: automation.Stack, command: str) -> dict[str, Any]:
    if command == "up":
        done = stack.up()
        outputs = {name: {"value": output.value, "secret": output.secret} for name, output in done.outputs.items()}
        return {"changes": done.summary.resource_changes, "outputs": outputs}
    if command == "preview":
        return {"changes": stack.preview().change_summary}
    return {"changes": stack.destroy().summary.resource_changes}


main(sys.argv[1])
