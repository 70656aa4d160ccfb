"""Deliver a key to a LiteLLM gateway: python3 litellm.py URL CREDENTIAL, with the key on standard input."""

import json
import os
import sys
from urllib.parse import quote
from urllib.request import Request, urlopen

url, name = sys.argv[1:]
credential = {"credential_name": name, "credential_values": {"api_key": sys.stdin.read()}, "credential_info": {}}
headers = {"Authorization": f"Bearer {os.environ['LITELLM_MASTER_KEY']}", "Content-Type": "application/json"}
address = f"{url}/credentials/{quote(name, safe='')}"
request = Request(address, json.dumps(credential).encode(), headers, method="PATCH")
with urlopen(request, timeout=30) as response:
    result = json.load(response)
if result.get("success") is not True:  # LiteLLM reports some errors with the status 200
    sys.exit(f"LiteLLM did not update the credential {name!r}: {result.get('message')}")
