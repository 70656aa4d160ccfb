from __future__ import annotations

import json
import time
from typing import Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.replies import is_about_object
from pulumi_openai_admin.schema.paths import Path, fill
from tests.systems import needs_time_zones

DRAWER = Settings("sk-admin-x", "the drawer")
KEYS = ("sk-admin-abcdefGHIJ0123456789", "sk-proj-a_b-c_d-0123", "sk-svcacct-Z9z9Z9z9", "sk-abcd****wxyz")
CALL = Call("GET", fill("/organization/projects/{project_id}", project_id="proj_1"), "read the thing")


def facts_of(
    body: bytes | dict[str, Any], status: int = 400, headers: dict[str, str] | None = None
) -> errors.ResponseFacts:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replies.parse_facts(status, headers or {}, sent, CALL)


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        (b'{"error":{"message":"No","type":"t","param":null,"code":"bad"}}', "No", "bad"),
        (b'{"error":{"message":"No","code":null}}', "No", ""),
        (b'{"error":"You may not."}', "You may not.", ""),
        (b'{"code":404,"message":"The project x was not found"}', "The project x was not found", ""),
        (b'{"code":"odd","message":"No"}', "No", "odd"),
        (b"<html><body><h1>502 Bad\n Gateway</h1><hr></body></html>", "502 Bad Gateway", ""),
        (b"upstream connect error", "upstream connect error", ""),
        (b"", "", ""),
        (b"{}", "", ""),
        (b"null", "", ""),
        (b'"just words"', "just words", ""),
        (b'{"error":null}', "", ""),
        (b'{"error":["x"]}', "", ""),
        (b'{"error":{"message":{"deep":1},"code":7}}', "", ""),
    ],
)
def test_every_shape_of_body_is_understood(body: bytes, message: str, code: str) -> None:
    facts = facts_of(body)
    assert (facts.message, facts.code) == (message, code)


MEANINGS: dict[tuple[int, type[errors.StatusError]], tuple[bytes, ...]] = {
    (404, errors.NotFoundError): (
        b'{"error":{"message":"No such project","code":null}}',
        b'{"error":"There is no proj_1."}',
        b'{"code":404,"message":"The project proj_1 was not found"}',
        b'{"error":{"message":"Gone","code":"not_found"}}',
    ),
    (404, errors.UnrelatedNotFoundError): (
        b'{"error":{"message":"Unsupported endpoint","code":null}}',
        b'{"error":"Invalid URL (GET /v1/organization/projects/proj_1)"}',
        b'{"message":"no Route matched with those values"}',
        b'{"detail":"Not Found"}',
        b"{}",
    ),
    (404, errors.UnexpectedResponseError): (
        b'{"error":{"message":"Invalid URL","code":"unknown_url"}}',
        b"<html><h1>404 Not Found</h1></html>",
        b"404 page not found",
        b'"not found"',
        b"null",
        b"",
    ),
    (401, errors.UnexpectedResponseError): (b"<h1>Log in</h1>", b'{"message":"Bad credentials"}', b'"no"'),
    (401, errors.AuthenticationError): (b'{"error":"No"}', b'{"error":null}'),
}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(status, body, kind) for (status, kind), bodies in MEANINGS.items() for body in bodies],
)
def test_a_404_or_401_counts_only_in_openais_shape(status: int, body: bytes, kind: type[errors.StatusError]) -> None:
    error = replies.status_error(facts_of(body, status), "read the thing", DRAWER, "--max-wait")
    assert type(error) is kind
    assert ("Check OPENAI_BASE_URL" in str(error)) is issubclass(kind, errors.UnexpectedResponseError)


def test_a_quote_has_at_most_300_characters() -> None:
    message = facts_of(b"word " * 1_000_000).message
    assert len(message) == 300
    assert message.endswith("…")
    assert facts_of(b"a" * 300).message == "a" * 300
    assert facts_of(b"caf\xe9 \xff closed").message == "caf\ufffd \ufffd closed"


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500"}, "", 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, "try again in 20s", 0.25),
        ({"retry-after": "9"}, "try again in 20s", 9.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", 10.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", 0.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT"}, "", None),
        ({"retry-after-ms": "soon", "retry-after": "2"}, "", 2.0),
        ({"retry-after-ms": "-5", "retry-after": "-1"}, "try again in 20s", 20.0),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "garbage"}, "", None),
        ({}, "You've exceeded the rate limit, please slow down and try again after 6.937 seconds.", 6.937),
        ({}, "Rate limit reached. Please try again in 20s. Visit …", 20.0),
        ({}, "Please try again in 1m 30s.", 90.0),
        ({}, "Please try again in 250ms.", 0.25),
        ({}, "Please try again in 1h2m3s.", 3723.0),
        ({}, "Please try again in 2 minutes", 120.0),
        ({}, "Please retry after 1 hour", 3600.0),
        ({}, "RETRY IN 3 SEC", 3.0),
        ({}, "Please try again in 5 milliseconds", 0.005),
        ({}, "Please try again in a moment.", None),
        ({}, "Please try again in 5 bananas.", None),
        ({}, "Please try again in -5s.", None),
        ({}, "The limit is 60 requests in 60s.", None),
        ({}, "", None),
    ],
)
def test_advised_wait_finds_the_finest_advice(headers: dict[str, str], message: str, seconds: float | None) -> None:
    assert replies.advised_wait(headers, message) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value", ["Mon, 32 Foo 2026 99:99:99 GMT", "", "2026-01-01", ",", "Mon, 1 Jan 99999999999999 00:00:00 GMT"]
)
def test_a_date_that_is_none_is_none(value: str) -> None:
    assert replies.parse_date(value) is None


@needs_time_zones
@pytest.mark.parametrize("zone", [" GMT", " +0000", " -0000", ""])
def test_a_date_is_in_utc_whatever_this_machines_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert replies.parse_date(f"Wed, 21 Oct 2026 07:28:00{zone}") == 1_792_567_680
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "template", ['{"error":{"message":"Incorrect key: %s."}}', '{"error":"%s"}', "<b>%s</b>", "%s"]
)
def test_no_key_in_a_reply_survives(key: str, template: str) -> None:
    message = facts_of((template % key).encode()).message
    assert key not in message
    assert key[3:] not in message
    assert "sk-…" in message


def test_a_key_is_masked_before_the_quote_is_cut() -> None:
    cut_inside_the_key = "x " * 145 + KEYS[0]
    assert "sk-admin" not in facts_of(cut_inside_the_key.encode()).message
    assert facts_of(b"ask-for sk-1 risk-assessment").message == "ask-for sk-1 risk-assessment"


@pytest.mark.parametrize("where", ["message", "code", "request id"])
def test_control_characters_never_reach_the_terminal(where: str) -> None:
    evil = "a\x1b[31mb\x07\x00\r\u202ec"
    body = {"message": {"message": evil}, "code": {"code": evil}}.get(where, {})
    facts = facts_of({"error": body}, headers={"x-request-id": evil if where == "request id" else "req"})
    text = str(replies.status_error(facts, "try", DRAWER, "--max-wait"))
    assert text.isprintable()
    assert "a" in text


NO_RATE_LIMIT = "max_requests_per_1_minute cannot exceed the organization rate limit of 500.0"
ANOTHER_KEY = f"created by an organization owner under Settings > Organization > Admin keys.{DRAWER.other_key}"
ORGANIZATION = "OPENAI_ORG_ID (or openai-admin:organization)"
ADDRESS = "OPENAI_BASE_URL (or openai-admin:baseUrl)"
CHECK_ADDRESS = f"Check {ADDRESS}, normally https://api.openai.com/v1, and the proxy, if there is one."
REFUSALS: dict[tuple[int, str, str], tuple[str, str]] = {
    (301, "", ""): (
        ": the server returned a redirect. It is not followed, because that would send the key to another address",
        f"Set {ADDRESS} to the final address.",
    ),
    (401, "No", ""): (
        ": OpenAI does not accept the admin key from the drawer: No",
        f"Use an Admin API key (sk-admin-…, not a project's key), {ANOTHER_KEY}",
    ),
    (401, "", "mismatched_organization"): (
        ": the admin key from the drawer is for another organization",
        f"Use a key of the organization in {ORGANIZATION}, or unset {ORGANIZATION}.{DRAWER.other_key}",
    ),
    (403, "No", ""): (": No", "Use an admin key with this permission, or ask an organization owner for one."),
    (403, "Missing scopes: a.b, c.d", ""): (
        ": Missing scopes: a.b, c.d",
        "Give the admin key these scopes, or use a key that has them.",
    ),
    (404, "No", ""): (": No", "Check the id, and that the key belongs to its organization."),
    (404, "No", "odd"): (
        ": the 404 does not say that the object was deleted: No",
        f"{CHECK_ADDRESS} If both are right, ask OpenAI's support.",
    ),
    (404, "No", "unknown_url"): (": the response is not from OpenAI's Administration API: No", CHECK_ADDRESS),
    (408, "Slow", ""): (": Slow", "Run the command again in a few minutes."),
    (500, "", ""): ("", "Run the command again in a few minutes."),
    (409, "No", ""): (": No", "Another change was in progress, or the object already exists. Run the command again."),
    (400, "No", ""): (": No", "Correct the program and run it again."),
    (429, "No", ""): (
        ": the Administration API rate limit did not clear within --max-wait: No",
        "Run the command again to continue. Raise --max-wait to wait longer.",
    ),
    (429, "No", "insufficient_quota"): (
        ": No",
        "Raise the spend limit or add credit under Settings > Billing and Limits, then run the command again.",
    ),
    (400, NO_RATE_LIMIT, "organization_rate_limit_exceeded"): (
        f": {NO_RATE_LIMIT}",
        "Set max_requests_per_1_minute to at most 500, or ask OpenAI to raise the organization's limit first.",
    ),
    (400, "No", "organization_rate_limit_exceeded"): (
        ": No",
        "Set the limit to a lower value, or ask OpenAI to raise the organization's limit first.",
    ),
}
"""By status, message and code: what happened, and what to do."""


@pytest.mark.parametrize(("refusal", "told"), REFUSALS.items())
def test_each_refusal_says_what_happened_and_what_to_do(refusal: tuple[int, str, str], told: tuple[str, str]) -> None:
    (status, message, code), (event, advice) = refusal, told
    facts = errors.ResponseFacts(status, message, code, "req_42", is_about_object=code not in {"unknown_url", "odd"})
    error = replies.status_error(facts, "read the thing", DRAWER, "--max-wait")
    assert error.what == f"Could not read the thing{event}"
    assert (error.facts.status, error.facts.request_id) == (status, "req_42")
    assert str(error).partition("request req_42). ")[2] == advice


def test_a_long_code_and_a_long_request_id_are_cut() -> None:
    facts = facts_of({"error": {"message": "No", "code": "c" * 101}}, headers={"x-request-id": "r" * 101})
    assert (facts.code, facts.request_id) == ("c" * 100, "r" * 100)


@pytest.mark.parametrize(
    ("body", "them"),
    [
        ("Missing scopes: api.management.read. Check that you have the correct role in it.", "that scope"),
        ("Missing scopes: api.management.read, api.management.write.", "these scopes"),
        ("You may not. Missing scope: api.management.write", "that scope"),
    ],
)
def test_a_403_names_the_missing_scopes_once(body: str, them: str) -> None:
    facts = facts_of({"error": body}, 403)
    error = replies.status_error(facts, "try", DRAWER, "--max-wait")
    assert error.advice.startswith(f"Give the admin key {them}, or use a key ")
    assert str(error).count("api.management.write") == ("api.management.write" in body)
    assert "Check that you have" not in str(error)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (404, "Unsupported endpoint", errors.NoAccessError),
        (403, "Your organization does not have access to this endpoint.", errors.NoAccessError),
        (403, "MCP tunnels are not enabled for your organization.", errors.NoAccessError),
        (403, "You can't do that.", errors.PermissionDeniedError),
        (403, "You may not use this organization. Missing scopes: x", errors.PermissionDeniedError),
        (404, "Invalid URL (GET /v1/organization/tunnels)", errors.UnrelatedNotFoundError),
        (404, "No tunnel found with id 'tunnel_1'", errors.NotFoundError),
    ],
)
def test_a_restricted_endpoint_says_that_the_organization_has_no_access(
    status: int, message: str, kind: type[errors.StatusError]
) -> None:
    path = fill(Path("/organization/tunnels", "MCP tunnels") + "/{id}", id="tunnel_1") + "/validate"
    body = json.dumps({"error": {"message": message, "code": None}}).encode()
    facts = replies.parse_facts(status, {}, body, Call("GET", path, "read it"))
    assert type(replies.status_error(facts, "read it", DRAWER, "--max-wait")) is kind


ACCOUNT = fill("/organization/projects/{project_id}/service_accounts/{id}", project_id="proj_1", id="svc_acct_1")


def said(message: str, code: str = "", call: Call | None = None) -> bool:
    return is_about_object(call or Call("GET", ACCOUNT, "read it"), message, code)


ABOUT_THE_OBJECT = (
    "The service account svc_acct_1 was not found",
    "No service account found with id 'svc_acct_1'",
    "Service account not found",
    "No such account",
    "svc_acct_1 does not exist.",
    "The project proj_1 was not found",
    "No service_accounts here",
)
ABOUT_NOTHING = (
    "",
    "Not found",
    "Unsupported endpoint",
    "unsupported endpoint: service_accounts",
    "Invalid URL (GET /v1/organization/projects/proj_1/service_accounts/svc_acct_1)",
    "Cannot GET /organization/projects/proj_1/service_accounts/svc_acct_1",
    "no Route matched with those values",
    "Resource not found",
    "svc_acct_12 was not found",
    "No such organization",
)


@pytest.mark.parametrize(
    ("message", "code", "is_about"),
    [
        *((message, "", True) for message in ABOUT_THE_OBJECT),
        *((message, "", False) for message in ABOUT_NOTHING),
        *(("No", code, True) for code in ("not_found", "project_not_found", "user_does_not_exist")),
        ("No", "unknown_url", False),
    ],
)
def test_a_message_or_code_that_names_an_object_or_kind_is_about_it(message: str, code: str, *, is_about: bool) -> None:
    assert said(message, code) is is_about


def test_an_id_in_the_body_is_an_object_of_the_request() -> None:
    path = fill("/organization/groups/{group_id}/users", group_id="group_1")
    call = Call("POST", path, "add it", body={"user_id": "user-1", "note": "wrong"})
    assert said("user-1 is unknown", call=call)
    assert not said("wrong", call=call)
    call = Call("POST", f"{path}/activate", "activate them", body={"certificate_ids": ["cert_1", "cert_2"]})
    assert said("cert_2 is unknown", call=call)
    assert said("No such certificate", call=call)


@pytest.mark.parametrize(
    ("find", "message", "found"),
    [
        (replies.field_in, "Invalid value for max_requests_per_1_minute: too high.", "max_requests_per_1_minute"),
        (replies.field_in, "`batch_1_day_max_input_tokens` does not apply.", "batch_1_day_max_input_tokens"),
        (replies.field_in, "The climax_of_this is no field.", None),
        (replies.field_in, "The maximum is exceeded.", None),
        (replies.ceiling_in, "exceeds the organization rate limit of 10000.0 for gpt-4o", 10000),
        (replies.ceiling_in, "exceeds the organization rate limit of 500", 500),
        (replies.ceiling_in, "exceeds the limit of 500", None),
    ],
)
def test_the_limit_that_a_message_names_and_its_maximum_are_found(find: Any, message: str, found: object) -> None:
    assert find(message) == found
