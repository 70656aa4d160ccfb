"""Refusals of the creation of a key, and the policy that may be the reason."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.keys.delivered_keys import explained_refusal
from pulumi_openai_admin.http import replies

BODY = {"name": "ci", "expires_in_seconds": 60}


def refused(kind: Any, message: str, code: str = "") -> errors.AdminError:
    facts = errors.ResponseFacts(403, message, code, "req_1")
    with pytest.raises(kind) as raised, explained_refusal(BODY):
        raise kind(f"Could not create a key: {message}", "Correct the program.", facts)
    error: errors.AdminError = raised.value
    return error


@pytest.mark.parametrize("kind", [errors.PermissionDeniedError, errors.BadRequestError])
@pytest.mark.parametrize("code", ["", "api_keys_disabled", "something_new"])
def test_a_refusal_without_a_known_reason_names_the_policy_whatever_its_code(
    kind: type[errors.StatusError], code: str
) -> None:
    error = refused(kind, "New keys are disabled", code)
    assert type(error) is kind
    assert error.what == "Could not create a key: New keys are disabled"
    assert error.advice.startswith(
        "Correct the program. If the organization allows API keys of service accounts only, "
    )
    assert "an owner can change this policy in OpenAI's dashboard" in error.advice


def test_advice_for_a_code_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    before = refused(errors.PermissionDeniedError, "New keys are disabled", "keys_disabled")
    monkeypatch.setitem(replies.ADVICE, "keys_disabled", "Ask an owner.")
    after = refused(errors.PermissionDeniedError, "New keys are disabled", "keys_disabled")
    assert after.advice == before.advice


@pytest.mark.parametrize(
    ("kind", "message", "code"),
    [
        (errors.BadRequestError, "'expires_in_seconds' cannot exceed 5", ""),
        (errors.PermissionDeniedError, "You can't. Missing scopes: api.management.write.", ""),
        (errors.BadRequestError, "Not this", "rate_limit_not_updatable"),
        (errors.NoAccessError, "Your organization has no access", ""),
        (errors.InternalServerError, "We broke", ""),
    ],
    ids=["a property", "a scope", "a code of rate limits", "no access", "no refusal"],
)
def test_a_refusal_with_another_reason_keeps_its_advice(
    kind: type[errors.StatusError], message: str, code: str
) -> None:
    assert refused(kind, message, code).advice == "Correct the program."
