"""Deliver a key to Bitwarden Secrets Manager: python3 bitwarden.py SECRET_ID, with the key on standard input.

`bws secret edit` takes the value as an argument, which other users of the machine can see. Bitwarden's SDK does not.
"""

import os
import sys

from bitwarden_sdk import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    BitwardenClient,
    DeviceType,
    client_settings_from_dict,
)

server = os.environ.get("BWS_SERVER", "bitwarden.com")  # bitwarden.eu: the servers in the EU
urls = {"apiUrl": f"https://api.{server}", "identityUrl": f"https://identity.{server}"}
client = BitwardenClient(client_settings_from_dict({**urls, "deviceType": DeviceType.SDK, "userAgent": "Python"}))
client.auth().login_access_token(os.environ["BWS_ACCESS_TOKEN"])
secret = client.secrets().get(sys.argv[1]).data
projects = [secret.project_id] if secret.project_id else None
client.secrets().update(secret.organization_id, secret.id, secret.key, sys.stdin.read(), secret.note, projects)
