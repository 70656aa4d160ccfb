"""Tell which key of the organization a leaked value is. It reads the value from standard input, and prints no key.

    python find_key.py < leaked.txt

OpenAI shows only the beginning and the end of a key, so that is what is compared. It sends GET requests only.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

import requests

API = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")


def main() -> int:
    """Print the keys that the value may be; returns the exit code: 1 if there is none."""
    leaked = sys.stdin.read().strip()
    found = [shown for shown, redacted in keys() if fits(leaked, redacted)]
    print("\n".join(found) or "No live key of the organization begins and ends like this one.")
    return 0 if found else 1


def fits(value: str, redacted: str) -> bool:
    """Whether a value begins and ends as OpenAI shows a key: `sk-svcacct-abc***wxyz`, `sk-admin-...wxyz`."""
    mask = "*" if "*" in redacted else "..."
    begin, end = redacted.partition(mask)[0], redacted.rpartition(mask)[2]
    return len(value) > len(begin + end) and value.startswith(begin) and value.endswith(end)


def keys() -> Iterator[tuple[str, str]]:
    """All keys: a line about each, and what OpenAI shows of its value."""
    for key in listed("admin_api_keys"):
        yield f"admin key {key['id']} ({key['name']})", key["redacted_value"]
    for project in listed("projects"):
        for key in listed(f"projects/{project['id']}/api_keys"):
            owner = key["owner"].get("service_account") or key["owner"].get("user") or {}
            where = f"project {project['id']} ({project['name']}), owner {owner.get('name')}"
            yield f"key {key['id']} ({key['name']}) in {where}", key["redacted_value"]


def listed(path: str) -> Iterator[dict[str, Any]]:
    """All pages of a list."""
    after: dict[str, str] = {}
    while True:
        page = requests.get(
            f"{API}/organization/{path}",
            params={"limit": "100", **after},
            headers={"Authorization": f"Bearer {os.environ['OPENAI_ADMIN_KEY']}"},
            timeout=60,
        )
        page.raise_for_status()
        body = page.json()
        yield from body["data"]
        if not body.get("has_more"):
            return
        after = {"after": body["last_id"]}


if __name__ == "__main__":
    sys.exit(main())
