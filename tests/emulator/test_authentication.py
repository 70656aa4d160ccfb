from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Http

    from pulumi_openai_admin.emulator import Control

READER = "sk-admin-only-reads-1234"


@pytest.mark.parametrize("key", [None, "sk-admin-somebody-else", "sk-proj-abcdefgh", "sk-svcacct-abcdefgh", "nonsense"])
def test_only_an_admin_key_is_accepted(http: Http, control: Control, key: str | None) -> None:
    http.use(key)
    status, _, message = http.refusal("GET", "")
    assert status == 401
    assert key is None or key not in message
    assert http.refusal("POST", "", {"name": "x"})[0] == 401
    assert control.state()["totals"]["projects"] == 5


def test_a_key_without_the_scope_gets_a_bare_string(http: Http, control: Control) -> None:
    control.seed({"admin_keys": [{"value": READER, "scopes": ["api.management.read"]}]})
    http.use(READER)
    assert http("GET", "").status_code == 200
    refused = http("POST", "", {"name": "x"})
    assert refused.status_code == 403
    assert refused.json()["error"].startswith(
        "You have insufficient permissions for this operation. Missing scopes: api.management.write."
    )
    control.world(missing_scope_shape="usual")
    assert http.refusal("POST", "", {"name": "x"})[0] == 403


def test_the_organization_header_has_to_match_where_the_switch_says_so(http: Http, control: Control) -> None:
    headers = {"OpenAI-Organization": "org-other"}
    assert http("GET", "", headers=headers).status_code == 200
    control.world(organization_id="org-emulator")
    assert http.refusal("GET", "", headers=headers)[:2] == (401, "mismatched_organization")
    assert http("GET", "").status_code == 200
