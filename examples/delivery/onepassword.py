"""Deliver a key to an item of 1Password: python3 onepassword.py VAULT ITEM, with the key on standard input."""

import json
import subprocess
import sys

vault, title = sys.argv[1:]
named = [title, "--vault", vault]
get = ["op", "item", "get", *named, "--format", "json", "--reveal"]
shown = subprocess.run(get, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
item = json.loads(shown.stdout)
(field,) = [field for field in item["fields"] if field["id"] == "password"]
field["value"] = sys.stdin.read()
subprocess.run(["op", "item", "edit", *named], input=json.dumps(item).encode(), stdout=subprocess.DEVNULL, check=True)
