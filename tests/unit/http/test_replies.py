from __future__ import annotations

import json
import time
from typing import Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import RUN_AGAIN
from pulumi_openai_admin.schema.paths import RestrictedPath, fill
from tests.systems import needs_time_zones

DRAWER = Settings("sk-admin-x", "the drawer")
KEYS = ("sk-admin-abcdefGHIJ0123456789", "sk-proj-a_b-c_d-0123", "sk-svcacct-Z9z9Z9z9", "sk-abcd****wxyz")
CALL = Call("GET", fill("/organization/projects/{project_id}", project_id="proj_1"), "read the thing")


def facts_of(
    body: bytes | dict[str, Any], status: int = 400, headers: dict[str, str] | None = None
) -> errors.ResponseFacts:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replies.parse_facts(status, headers or {}, sent, CALL)


def error_of(status: int, message: str = "it is so", code: str = "") -> errors.StatusError:
    facts = errors.ResponseFacts(status, message, code, "req_42")
    return replies.status_error(facts, "read the thing", DRAWER, "--max-wait")


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
        (b"[1, 2]", "", ""),
        (b'"just words"', "just words", ""),
        (b'{"error":null}', "", ""),
        (b'{"error":["x"]}', "", ""),
        (b'{"error":{"message":{"deep":1},"code":7}}', "", ""),
    ],
)
def test_every_shape_of_body_is_understood(body: bytes, message: str, code: str) -> None:
    facts = facts_of(body)
    assert (facts.message, facts.code) == (message, code)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error":{"message":"No such project","code":null}}', errors.NotFoundError),
        (b'{"error":"There is no proj_1."}', errors.NotFoundError),
        (b'{"code":404,"message":"The project proj_1 was not found"}', errors.NotFoundError),
        (b'{"error":{"message":"Gone","code":"not_found"}}', errors.NotFoundError),
        (b'{"error":{"message":"Unsupported endpoint","code":null}}', errors.UnrelatedNotFoundError),
        (
            b'{"error":{"message":"Invalid URL (GET /v1/organization/projects/proj_1)","code":null}}',
            errors.UnrelatedNotFoundError,
        ),
        (b'{"message":"no Route matched with those values"}', errors.UnrelatedNotFoundError),
        (b'{"detail":"Not Found"}', errors.UnrelatedNotFoundError),
        (b"{}", errors.UnrelatedNotFoundError),
        (
            b'{"error":{"message":"Invalid URL (GET /organization/projects)","code":"unknown_url"}}',
            errors.UnexpectedResponseError,
        ),
        (b"<html><h1>404 Not Found</h1></html>", errors.UnexpectedResponseError),
        (b"404 page not found", errors.UnexpectedResponseError),
        (b'"not found"', errors.UnexpectedResponseError),
        (b"null", errors.UnexpectedResponseError),
        (b"", errors.UnexpectedResponseError),
    ],
)
def test_only_openais_own_404_says_that_an_object_is_not_there(body: bytes, kind: type[errors.StatusError]) -> None:
    error = replies.status_error(facts_of(body, 404), "read the thing", DRAWER, "--max-wait")
    assert type(error) is kind
    assert ("Check OPENAI_BASE_URL" in str(error)) is issubclass(kind, errors.UnexpectedResponseError)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 451])
def test_a_proxys_refusal_is_not_taken_for_openais(status: int) -> None:
    page = b"<html><h1>Blocked by the company's gateway</h1></html>"
    error = replies.status_error(facts_of(page, status), "read the thing", DRAWER, "--max-wait")
    assert type(error) is errors.UnexpectedResponseError
    assert "not from OpenAI's Administration API: Blocked by the company's gateway (status" in str(error)


def test_invalid_utf_8_is_no_obstacle() -> None:
    assert facts_of(b"caf\xe9 \xff closed").message == "caf\ufffd \ufffd closed"


def test_a_huge_body_becomes_a_short_quote_in_little_time() -> None:
    started = time.process_time()
    message = facts_of(b"word " * 1_000_000).message
    assert len(message) == 300
    assert message.endswith("…")
    assert time.process_time() - started < 5


def test_a_quote_of_exactly_the_longest_length_is_whole() -> None:
    assert facts_of(b"a" * 300).message == "a" * 300


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500"}, "", 1.5),
        ({"retry-after-ms": "0"}, "", 0.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, "try again in 20s", 0.25),
        ({"retry-after": "9"}, "try again in 20s", 9.0),
        ({"retry-after": "0.5"}, "", 0.5),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", 10.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", 0.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT"}, "", None),
        ({"retry-after-ms": "soon", "retry-after": "2"}, "", 2.0),
        ({"retry-after-ms": "-5", "retry-after": "-1"}, "try again in 20s", 20.0),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({"retry-after": "garbage"}, "", None),
        ({"retry-after": ""}, "", None),
        ({}, "You've exceeded the rate limit, please slow down and try again after 6.937 seconds.", 6.937),
        ({}, "Rate limit reached. Please try again in 20s. Visit …", 20.0),
        ({}, "Please try again in 1m30s.", 90.0),
        ({}, "Please try again in 1m 30s.", 90.0),
        ({}, "Please try again in 250ms.", 0.25),
        ({}, "Please try again in 8.64s.", 8.64),
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


@pytest.mark.parametrize("value", ["Mon, 32 Foo 2026 99:99:99 GMT", "x", "", "2026-01-01", ",", "Mon, 01 Jan"])
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


def test_an_absurd_date_is_none() -> None:
    assert replies.parse_date("Mon, 1 Jan 99999999999999 00:00:00 GMT") is None


@pytest.mark.parametrize(("value", "meaning"), [("true", True), ("False", False), ("maybe", None), ("", None)])
def test_should_retry_is_read_as_three_values(value: str, meaning: bool | None) -> None:
    assert facts_of(b"", headers={"x-should-retry": value}).should_retry is meaning


def test_an_error_has_its_status_and_request_id() -> None:
    error = error_of(403)
    assert (error.status_code, error.request_id) == (403, "req_42")


def test_request_id_and_clock_come_from_the_headers() -> None:
    facts = facts_of(b"", headers={"x-request-id": "req_1", "date": "Thu, 01 Jan 1970 00:01:00 GMT"})
    assert (facts.request_id, facts.answered_at) == ("req_1", 60.0)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "template", ['{"error":{"message":"Incorrect key: %s."}}', '{"error":"%s"}', "<b>%s</b>", "%s"]
)
def test_no_key_in_a_reply_survives(key: str, template: str) -> None:
    message = facts_of((template % key).encode()).message
    assert key not in message
    assert key[3:] not in message
    assert "sk-…" in message


def test_a_key_is_blotted_out_before_the_quote_is_cut() -> None:
    cut_inside_the_key = "x " * 145 + KEYS[0]
    assert "sk-admin" not in facts_of(cut_inside_the_key.encode()).message


@pytest.mark.parametrize("where", ["message", "code", "request id"])
def test_control_characters_never_reach_the_terminal(where: str) -> None:
    evil = "a\x1b[31mb\x07\x00\r\u202ec"
    body = {"message": {"message": evil}, "code": {"code": evil}}.get(where, {})
    facts = facts_of({"error": body}, headers={"x-request-id": evil if where == "request id" else "req"})
    text = str(replies.status_error(facts, "try", DRAWER, "--max-wait"))
    assert text.isprintable()
    assert "a" in text


def test_words_like_sk_are_left_alone() -> None:
    assert replies.redact("ask-for sk-1 risk-assessment") == "ask-for sk-1 risk-assessment"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, errors.RedirectError),
        (302, errors.RedirectError),
        (307, errors.RedirectError),
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (408, errors.InternalServerError),
        (409, errors.ConflictError),
        (410, errors.BadRequestError),
        (418, errors.BadRequestError),
        (422, errors.BadRequestError),
        (429, errors.RateLimitError),
        (500, errors.InternalServerError),
        (503, errors.InternalServerError),
        (529, errors.InternalServerError),
    ],
)
def test_each_status_is_told_in_full(status: int, kind: type[errors.StatusError]) -> None:
    error = error_of(status, code="the_code")
    text = str(error)
    assert type(error) is kind
    assert text.startswith("Could not read the thing")
    assert f"(status {status}, the_code, request req_42). " in text
    advice = text.partition("request req_42). ")[2]
    assert advice[0].isupper()
    assert advice.endswith(".")
    assert len(advice) > 20


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_openais_own_words_are_quoted_without_a_double_stop(status: int) -> None:
    text = str(error_of(status, "Something is odd."))
    assert "Something is odd (status" in text


def test_openais_last_letter_is_quoted() -> None:
    assert error_of(400, "There is no plan X.").what == "Could not read the thing: There is no plan X"


def test_what_is_not_there_leaves_no_trace_in_the_text() -> None:
    text = str(replies.status_error(errors.ResponseFacts(500), "try", DRAWER, "--max-wait"))
    assert "(status 500)." in text
    assert ": ." not in text


NO_RATE_LIMIT = "max_requests_per_1_minute cannot exceed the organization rate limit of 500.0"


@pytest.mark.parametrize(
    ("status", "message", "code", "event", "advice"),
    [
        (
            301,
            "",
            "",
            ": the server returned a redirect. It is not followed, because that would send the key to another address",
            "Set OPENAI_BASE_URL (or openai-admin:baseUrl) to the final address.",
        ),
        (
            401,
            "No",
            "",
            ": OpenAI does not accept the admin key from the drawer: No",
            (
                "Use an Admin API key (sk-admin-…, not a project's key), created by an organization owner under "
                f"Settings > Organization > Admin keys.{DRAWER.other_key}"
            ),
        ),
        (
            401,
            "",
            "mismatched_organization",
            ": the admin key from the drawer is for another organization",
            (
                "Use a key of the organization in OPENAI_ORG_ID (or openai-admin:organization), or unset "
                f"OPENAI_ORG_ID (or openai-admin:organization).{DRAWER.other_key}"
            ),
        ),
        (403, "No", "", ": No", "Use an admin key with this permission, or ask an organization owner for one."),
        (
            403,
            "Missing scopes: a.b, c.d",
            "",
            ": Missing scopes: a.b, c.d",
            "Give the admin key these scopes, or use a key that has them.",
        ),
        (404, "No", "", ": No", "Check the id, and that the key belongs to its organization."),
        (
            404,
            "No",
            "odd",
            ": the 404 does not say that the object was deleted: No",
            (
                "Check OPENAI_BASE_URL (or openai-admin:baseUrl), normally https://api.openai.com/v1, and the proxy, "
                "if there is one. If both are right, ask OpenAI's support."
            ),
        ),
        (
            404,
            "No",
            "unknown_url",
            ": the response is not from OpenAI's Administration API: No",
            (
                "Check OPENAI_BASE_URL (or openai-admin:baseUrl), normally https://api.openai.com/v1, and the proxy, "
                "if there is one."
            ),
        ),
        (408, "Slow", "", ": Slow", "Run the command again in a few minutes."),
        (500, "", "", "", "Run the command again in a few minutes."),
        (
            409,
            "No",
            "",
            ": No",
            "Another change was in progress, or the object already exists. Run the command again.",
        ),
        (400, "No", "", ": No", "Correct the program and run it again."),
        (
            429,
            "No",
            "",
            ": the Administration API rate limit did not clear within --max-wait: No",
            "Run the command again to continue. Raise --max-wait to wait longer.",
        ),
        (
            429,
            "No",
            "insufficient_quota",
            ": No",
            "Raise the spend limit or add credit under Settings > Billing and WaitLimits, then run the command again.",
        ),
        (
            400,
            NO_RATE_LIMIT,
            "organization_rate_limit_exceeded",
            f": {NO_RATE_LIMIT}",
            "Set max_requests_per_1_minute to at most 500, or ask OpenAI to raise the organization's limit first.",
        ),
        (
            400,
            "No",
            "organization_rate_limit_exceeded",
            ": No",
            "Set the limit to a lower value, or ask OpenAI to raise the organization's limit first.",
        ),
    ],
)
def test_each_refusal_says_what_happened_and_what_to_do(
    status: int, message: str, code: str, event: str, advice: str
) -> None:
    facts = errors.ResponseFacts(status, message, code, "req_42", is_about_object=code not in {"unknown_url", "odd"})
    error = replies.status_error(facts, "read the thing", DRAWER, "--max-wait")
    assert error.what == f"Could not read the thing{event}"
    assert str(error).partition("request req_42). ")[2] == advice


@pytest.mark.parametrize("code", ["rate_limit_not_updatable", "invalid_rate_limit_type"])
def test_a_conflict_that_names_a_rate_limit_is_a_refusal(code: str) -> None:
    assert type(error_of(409, code=code)) is errors.BadRequestError


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
def test_advice_for_another_code_changes_only_the_advice(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = error_of(status, code="a_new_code")
    monkeypatch.setitem(replies.ADVICE, "a_new_code", "Do this.")
    after = error_of(status, code="a_new_code")
    assert type(after) is type(before)
    assert after.may_have_acted == before.may_have_acted
    assert "Do this." in str(after)


def test_a_long_code_and_a_long_request_id_are_cut() -> None:
    facts = facts_of({"error": {"message": "No", "code": "c" * 101}}, headers={"x-request-id": "r" * 101})
    assert (facts.code, facts.request_id) == ("c" * 100, "r" * 100)


def test_only_server_errors_may_have_acted() -> None:
    acted = {status for status in (301, 400, 401, 403, 404, 408, 409, 429, 500) if error_of(status).may_have_acted}
    assert acted == {408, 500}


@pytest.mark.parametrize(
    "body",
    [b"<h1>Log in</h1>", b"", b"{}", b'{"message":"Bad credentials"}', b'{"detail":"Not authenticated"}', b'"no"'],
)
def test_a_401_that_is_not_in_openais_shape_is_another_servers(body: bytes) -> None:
    assert (
        type(replies.status_error(facts_of(body, 401), "read it", DRAWER, "--max-wait"))
        is errors.UnexpectedResponseError
    )


@pytest.mark.parametrize("body", [b'{"error":{"message":"No","code":null}}', b'{"error":"No"}', b'{"error":null}'])
def test_a_401_in_openais_shape_is_the_keys_fault(body: bytes) -> None:
    assert (
        type(replies.status_error(facts_of(body, 401), "read it", DRAWER, "--max-wait")) is errors.AuthenticationError
    )


def test_401_for_another_organization_says_so() -> None:
    error = error_of(401, "OpenAI-Organization header should match organization for API key", "mismatched_organization")
    assert type(error) is errors.AuthenticationError
    assert "the admin key from the drawer is for another organization" in str(error)
    assert "OPENAI_ORG_ID (or openai-admin:organization)" in error.advice


def test_401_says_where_the_key_came_from() -> None:
    assert "the admin key from the drawer" in str(error_of(401))


@pytest.mark.parametrize(
    "code", ["project_spend_limit_exceeded", "organization_spend_limit_exceeded", "insufficient_quota"]
)
def test_a_429_that_never_clears_says_that_waiting_does_not_help(code: str) -> None:
    error = error_of(429, code=code)
    assert type(error) is errors.SpendLimitError
    assert "Raise the spend limit" in error.advice


@pytest.mark.parametrize("code", ["rate_limit_exceeded", "", "slow_down"])
def test_any_other_429_clears_by_waiting(code: str) -> None:
    assert type(error_of(429, code=code)) is errors.RateLimitError


@pytest.mark.parametrize(
    ("body", "them"),
    [
        ("Missing scopes: api.management.read. Check that you have the role.", "that scope"),
        ("Missing scopes: api.management.read, api.management.write.", "these scopes"),
        ("You may not. Missing scope: api.management.write", "that scope"),
    ],
)
def test_a_403_names_the_missing_scopes_once(body: str, them: str) -> None:
    facts = facts_of({"error": body}, 403)
    error = replies.status_error(facts, "try", DRAWER, "--max-wait")
    assert error.advice.startswith(f"Give the admin key {them}, or use a key ")
    assert str(error).count("api.management.write") == ("api.management.write" in body)


def test_a_403_gives_its_advice_once() -> None:
    said = (
        "You have insufficient permissions for this operation. Missing scopes: api.management.read. Check that you "
        "have the correct role in your organization, and if you're using a restricted API key, that it has the "
        "necessary scopes."
    )
    error = error_of(403, said)
    assert "Check that you have" not in str(error)
    assert "Missing scopes: api.management.read" in str(error)
    assert str(error).endswith("Give the admin key that scope, or use a key that has it.")


def test_a_403_without_scopes_advises_another_key() -> None:
    assert error_of(403, "No").advice.startswith("Use an admin key with this permission")


def test_each_code_has_its_own_advice() -> None:
    codes = (*replies.ADVICE, "anything_else")
    advices = {error_of(400, code=code).advice for code in codes}
    assert len(advices) == len(codes)


def test_advice_for_a_code_may_name_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(replies.ADVICE, "a_new_code", ("Wait for it, then ", RUN_AGAIN, "."))
    assert error_of(400, code="a_new_code").in_words(PULUMI).endswith("Wait for it, then run `pulumi up` again.")


def test_the_ceiling_is_named_as_a_whole_number_with_its_field() -> None:
    said = "The max_requests_per_1_minute for rl-gpt-5-pro cannot exceed the organization rate limit of 500.0"
    advice = error_of(400, said, "organization_rate_limit_exceeded").advice
    assert advice.startswith("Set max_requests_per_1_minute to at most 500, ")


def test_a_ceiling_that_is_not_told_is_not_invented() -> None:
    assert error_of(400, "No", "organization_rate_limit_exceeded").advice.startswith("Set the limit to a lower value,")


def test_braces_in_openais_words_are_only_text() -> None:
    error = error_of(400, "max_{x} {0}", "organization_rate_limit_exceeded")
    assert "max_{x} {0}" in str(error)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (404, "Unsupported endpoint", errors.NoAccessError),
        (403, "Your organization does not have access to this endpoint.", errors.NoAccessError),
        (403, "MCP tunnels are not enabled for your organization.", errors.NoAccessError),
        (403, "You can't do that.", errors.PermissionDeniedError),
        (
            403,
            "You have insufficient permissions in this organization. Missing scopes: x",
            errors.PermissionDeniedError,
        ),
        (404, "Invalid URL (GET /v1/organization/tunnels)", errors.UnrelatedNotFoundError),
        (404, "No tunnel found with id 'tunnel_1'", errors.NotFoundError),
    ],
)
def test_a_restricted_endpoint_says_that_the_organization_has_no_access(
    status: int, message: str, kind: type[errors.StatusError]
) -> None:
    path = fill(RestrictedPath("/organization/tunnels", "MCP tunnels") + "/{id}", id="tunnel_1") + "/validate"
    body = json.dumps({"error": {"message": message, "code": None}}).encode()
    facts = replies.parse_facts(status, {}, body, Call("GET", path, "read it"))
    assert type(replies.status_error(facts, "read it", DRAWER, "--max-wait")) is kind
