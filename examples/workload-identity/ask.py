"""Call OpenAI from a workflow of GitHub Actions that has no API key."""

import os

import requests
from openai import OpenAI


def token_of_this_job() -> str:
    """The token that GitHub gives to a job with `id-token: write`."""
    reply = requests.get(
        os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"],
        params={"audience": "https://api.openai.com/v1"},
        headers={"Authorization": f"Bearer {os.environ['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
        timeout=30,
    )
    reply.raise_for_status()
    return str(reply.json()["value"])


client = OpenAI(
    workload_identity={
        "identity_provider_id": os.environ["OPENAI_IDENTITY_PROVIDER_ID"],
        "service_account_id": os.environ["OPENAI_SERVICE_ACCOUNT_ID"],
        "provider": {"token_type": "jwt", "get_token": token_of_this_job},
    }
)
print(client.responses.create(model="gpt-4o", input="Say hello.").output_text)
