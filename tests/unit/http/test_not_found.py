from __future__ import annotations

import pytest

from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.replies import is_about_object
from pulumi_openai_admin.schema.paths import fill

ACCOUNT = fill("/organization/projects/{project_id}/service_accounts/{id}", project_id="proj_1", id="svc_acct_1")


def said(message: str, code: str = "", call: Call | None = None) -> bool:
    return is_about_object(call or Call("GET", ACCOUNT, "read it"), message, code)


@pytest.mark.parametrize(
    "message",
    [
        "The service account svc_acct_1 was not found",
        "No service account found with id 'svc_acct_1'",
        "Service account not found",
        "No such account",
        "svc_acct_1 does not exist.",
        "The project proj_1 was not found",
        "No service_accounts here",
    ],
)
def test_a_message_that_names_the_object_or_its_kind_is_about_it(message: str) -> None:
    assert said(message)


@pytest.mark.parametrize(
    "message",
    [
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
    ],
)
def test_every_other_message_is_not(message: str) -> None:
    assert not said(message)


@pytest.mark.parametrize(
    ("code", "is_about"),
    [("not_found", True), ("project_not_found", True), ("user_does_not_exist", True), ("unknown_url", False)],
)
def test_a_code_says_it_too(code: str, is_about: bool) -> None:
    assert said("No", code) is is_about


def test_an_id_in_the_body_is_an_object_of_the_request() -> None:
    path = fill("/organization/groups/{group_id}/users", group_id="group_1")
    call = Call("POST", path, "add it", body={"user_id": "user-1", "note": "wrong"})
    assert said("user-1 is unknown", call=call)
    assert not said("wrong", call=call)
    call = Call("POST", f"{path}/activate", "activate them", body={"certificate_ids": ["cert_1", "cert_2"]})
    assert said("cert_2 is unknown", call=call)
    assert said("No such certificate", call=call)


def test_an_id_with_a_colon_is_found_as_it_is_written() -> None:
    path = fill("/organization/projects/{project_id}/rate_limits/{id}", project_id="proj_1", id="rl-ft:gpt-4o:a")
    call = Call("POST", path, "set it", body={})
    assert said("rl-ft:gpt-4o:a is unknown", call=call)
    assert not said(f"Invalid URL (POST /v1{path})", call=call)
