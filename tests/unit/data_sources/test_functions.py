from __future__ import annotations

import inspect
import logging
import pydoc
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi
import pytest
from pulumi.runtime.sync_await import _sync_await

import pulumi_openai_admin
from pulumi_openai_admin import (
    errors,
    get_project,
    get_project_rate_limit,
    get_project_service_account,
    list_project_api_keys,
    list_project_rate_limits,
    list_projects,
)
from pulumi_openai_admin.data_sources.look_up import lifted
from pulumi_openai_admin.data_sources.result import LookUpError
from tests.unit.data_sources.conftest import PROJECTS
from tests.unit.fakes import KEY, URL, outcome, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.data_sources.conftest import Pages

ROWS = f"{PROJECTS}/proj_1/rate_limits"
KEYS = f"{PROJECTS}/proj_1/api_keys"
NO_ID = "is not an id: only letters, digits and -._~!$&'()*+,;=:@ are allowed."
COULD_NOT, CHECK = "Could not look up project", "Check the id, and that the key belongs to its organization."
DASHBOARD = "Check it in OpenAI's dashboard, under Settings > Organization > Projects."
LOOK_UPS = [name for name in pulumi_openai_admin.__all__ if name.startswith(("get_", "list_"))]
PLAIN = [name for name in LOOK_UPS if not name.endswith("_output")]


def project(id_: str, name: str | None, **more: Any) -> dict[str, Any]:
    return {"object": "organization.project", "id": id_, "name": name, "status": "active", "created_at": 1, **more}


@pytest.fixture(autouse=True)
def pages(pages: Pages) -> Pages:
    pages.lists[PROJECTS] = [
        project("proj_1", "Demo"),
        project("proj_2", None),
        project("proj_3", "Staging"),
        project("proj_4", "Twin"),
        project("proj_5", "Twin"),
        project("proj_6", "Old", status="archived", archived_at=9),
        project("proj_7", "Demo", status="archived", archived_at=9),
    ]
    return pages


def failure(function: Callable[..., object], **arguments: Any) -> LookUpError:
    with pytest.raises(LookUpError) as caught:
        function(**arguments)
    assert isinstance(caught.value, pulumi.RunError)
    assert isinstance(caught.value, errors.AdminError)
    assert KEY not in str(caught.value)
    return caught.value


@pytest.mark.usefixtures("_program")
def test_archived_projects_come_on_request_and_from_a_list_of_their_own(pages: Pages) -> None:
    assert len(list_projects()) == 5
    both = list_projects(include_archived=True)
    assert [project.project_id for project in both if project.is_archived] == ["proj_6", "proj_7"]
    assert both[5].archived_at == 9
    assert len(list_projects()) == 5
    queries = {query for query in pages.queries(PROJECTS) if "after" not in query}
    assert queries == {"limit=100", "limit=100&include_archived=true"}
    assert len(pages.asked) == 3 + 4


@pytest.mark.usefixtures("_program", "no_mocks")
def test_the_key_and_the_address_are_those_of_the_stack(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # a program without logging
    for name in ("OPENAI_ADMIN_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_LOG", "info")
    pulumi.runtime.set_all_config({"openai-admin:adminApiKey": KEY, "openai-admin:baseUrl": URL})
    assert get_project(name="Demo").project_id == "proj_1"
    logged = capsys.readouterr().err
    assert "GET /organization/projects: 200 in " in logged
    assert KEY not in logged


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            {"name": "Twin"},
            "2 projects of the organization have the name 'Twin': proj_4, proj_5. Read it by its project_id.",
        ),
        ({"name": "Twim"}, "The organization has no project with the name 'Twim'. Did you mean Twin?"),
        (
            {"name": "None"},
            f"The organization has no project with the name 'None'. {DASHBOARD}",
        ),
        ({"project_id": "proj_6"}, "Project proj_6 is archived. Read it with include_archived=True."),
        ({"project_id": "proj_0"}, f"{COULD_NOT} proj_0: No such thing: proj_0 (status 404). {CHECK}"),
        (
            {"project_id": "Staging"},
            f"{COULD_NOT} Staging: No such thing: Staging (status 404). Did you mean proj_3? {CHECK}",
        ),
        ({"project_id": "sk-admin-secret"}, "project_id must be an id, not an API key."),
    ],
)
def test_a_project_that_is_not_the_only_one_is_an_error(arguments: dict[str, Any], text: str) -> None:
    assert str(failure(get_project, **arguments)) == text


@pytest.mark.parametrize(
    ("function", "arguments", "text"),
    [
        (get_project, {}, "Set exactly one of name and project_id: none of them is set."),
        (get_project, {"name": "a", "project_id": "b"},
         "Set exactly one of name and project_id: name and project_id are set."),
        (get_project, {"name": " "}, "name is empty."),
        (get_project, {"name": 7}, "name must be a string, not 7."),
        (get_project, {"project_id": "a/b"}, f"project_id {NO_ID}"),
        (list_project_rate_limits, {"project_id": ""}, "project_id is empty."),
        (list_project_api_keys, {"project_id": None}, "project_id must be an id, not None."),
        (get_project_rate_limit, {"project_id": "proj_1"},
         "Set exactly one of model and rate_limit_id: none of them is set."),
        (get_project_service_account, {"project_id": "proj_1", "name": "n", "service_account_id": "s"},
         "Set exactly one of name and service_account_id: name and service_account_id are set."),
        (get_project_service_account, {"project_id": "proj_1", "service_account_id": "../x"},
         f"service_account_id {NO_ID}"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_told_before_anything_is_sent(
    pages: Pages, function: Callable[..., object], arguments: dict[str, Any], text: str
) -> None:
    assert str(failure(function, **arguments)) == text
    assert pages.asked == []


@pytest.mark.usefixtures("_program")
def test_rate_limits_by_model_and_by_id(pages: Pages) -> None:
    pages.lists[ROWS] = [
        {"id": f"rl-{model}", "model": model, "max_requests_per_1_minute": number, "max_tokens_per_1_minute": 0}
        for number, model in enumerate(("gpt-4o", "gpt-4o-mini", "ft:gpt-4o:a/b"))
    ]
    rows = list_project_rate_limits(project_id="proj_1")
    assert [row.max_requests_per_1_minute for row in rows] == [0, 1, 2]
    assert {row.max_images_per_1_minute for row in rows} == {None}
    assert {row.project_id for row in rows} == {"proj_1"}
    assert get_project_rate_limit(project_id="proj_1", model="gpt-4o-mini") == rows[1]
    assert get_project_rate_limit(project_id="proj_1", rate_limit_id="rl-ft:gpt-4o:a/b") == rows[2]
    assert pages.queries(ROWS) == ["limit=1000", "limit=1000&after=rl-gpt-4o-mini"], "one list, as the resources ask"
    missing = failure(get_project_rate_limit, project_id="proj_1", model="gpt-4o-mni")
    message = "Project proj_1 has no rate limit with the model 'gpt-4o-mni'. Did you mean gpt-4o-mini"
    assert str(missing).startswith(message)
    missing = failure(get_project_rate_limit, project_id="proj_1", rate_limit_id="rl-gpt4o")
    assert "has no rate limit with the rate limit id 'rl-gpt4o'. Did you mean rl-gpt-4o" in str(missing)


def test_keys_of_users_and_of_accounts(pages: Pages) -> None:
    shared = {"name": "k", "redacted_value": "sk-a…z", "created_at": 3, "owner_project_access": "active"}
    pages.lists[KEYS] = [
        {"id": "key_1", **shared, "owner": {"type": "user", "user": {"id": "user-1"}}, "last_used_at": None},
        {"id": "key_2", **shared, "owner": {"type": "service_account", "service_account": {"id": "svc_1"}},
         "last_used_at": 5, "expires_at": 7, "value": "sk-never"},
        {"id": "key_3", **shared, "owner": None},
    ]  # fmt: skip
    user, ours, nobody = list_project_api_keys(project_id="proj_1")
    assert (user.owner_type, user.user_id, user.service_account_id) == ("user", "user-1", None)
    assert (ours.owner_type, ours.user_id, ours.service_account_id) == ("service_account", None, "svc_1")
    assert (ours.last_used_at, ours.expires_at, user.last_used_at) == (5, 7, None)
    assert nobody.owner_type is None
    assert "sk-never" not in repr(ours)
    assert pages.queries(KEYS)[0] == "limit=100&owner_project_access=any"


def test_a_twin_knows_what_its_inputs_know(pages: Pages) -> None:
    twin = pulumi_openai_admin.get_project_output
    value, known, secret = outcome(lambda: twin(name=pulumi.Output.secret("Demo")).project_id)
    assert (value, known, secret) == ("proj_1", True, True)
    value, known, secret = outcome(lambda: twin(project_id="proj_3"))
    assert (value.name, known, secret) == ("Staging", True, False)
    pages.asked.clear()
    assert outcome(lambda: twin(name=unknown()).project_id)[1] is False
    assert outcome(lambda: twin(name="Demo", include_archived=unknown().apply(bool)))[1] is False
    assert pages.asked == [], "what is unknown is not looked up"


def test_a_twin_does_not_hold_the_program_up() -> None:
    together = threading.Barrier(3)

    def slow(number: int, opts: None) -> str:  # noqa: ARG001 - as a look-up takes them
        together.wait(10)  # each goes on when all three have begun
        return f"{number} in {threading.current_thread().name}"

    def three() -> pulumi.Output[list[Any]]:
        return pulumi.Output.all(*(lifted(slow, None, number=number) for number in range(3)))

    told, *_ = outcome(three)
    assert [text.partition(" ")[0] for text in told] == ["0", "1", "2"]
    assert not any("MainThread" in text for text in told)


@pytest.mark.parametrize("name", PLAIN)
def test_an_output_is_not_a_plain_value(name: str, pages: Pages) -> None:
    function = getattr(pulumi_openai_admin, name)
    first, *others = inspect.signature(function).parameters.values()
    argument, needed = first.name, {parameter.name: "x" for parameter in others if parameter.default is parameter.empty}

    async def call() -> None:
        told = failure(function, **{argument: pulumi.Output.from_input("x")}, **needed)
        advice = f"Use {name}_output, which takes Outputs."
        assert str(told) == f"{argument} is an Output, and {name} takes plain values. {advice}"

    _sync_await(call())
    assert pages.asked == []


@pytest.mark.parametrize("name", PLAIN)
def test_a_twin_has_the_arguments_of_its_function(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    function, twin = getattr(pulumi_openai_admin, name), getattr(pulumi_openai_admin, f"{name}_output")
    plain, lifting = inspect.signature(function), inspect.signature(twin)
    assert lifting.return_annotation == f"pulumi.Output[{plain.return_annotation}]"
    assert {key: parameter.annotation for key, parameter in lifting.parameters.items()} == {
        key: parameter.annotation if key == "opts" else f"pulumi.Input[{parameter.annotation}]"
        for key, parameter in plain.parameters.items()
    }
    for key, parameter in plain.parameters.items():
        assert lifting.parameters[key].default == parameter.default
        assert lifting.parameters[key].kind is parameter.kind is inspect.Parameter.KEYWORD_ONLY
    seen: dict[str, Any] = {}

    def note(called: Callable[..., object], opts: object, **inputs: Any) -> NoReturn:
        seen.update(inputs, called=called, opts=opts)
        raise KeyError

    monkeypatch.setattr("pulumi_openai_admin.data_sources.look_up.lifted", note)
    given = {key: object() for key in plain.parameters}
    with pytest.raises(KeyError):
        twin(**given)
    assert seen == {**given, "called": function}, "all of them are handed on"


@pytest.mark.parametrize("name", PLAIN)
def test_each_is_documented(name: str) -> None:
    function, twin = getattr(pulumi_openai_admin, name), getattr(pulumi_openai_admin, f"{name}_output")
    assert re.search(r"^Source: GET /(organization/|projects/|tunnels/|webhook_)", function.__doc__, re.MULTILINE)
    assert "LookUpError: " in function.__doc__
    for argument in inspect.signature(function).parameters:
        assert re.search(rf"^ +{argument}: ", function.__doc__, re.MULTILINE)
    assert f"`{name}`" in twin.__doc__


def test_results_are_made_when_a_program_uses_them() -> None:
    program = (
        "from pulumi_openai_admin import *\n"
        "made = [name for name, value in dict(globals()).items() if getattr(value, '_is_complete', False)]\n"
        "assert not made, made\n"
        "assert GetGroupResult.__doc__.startswith('A group of the organization')\n"
        "assert GetGroupResult._is_complete and not GetProjectResult._is_complete\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_help_shows_a_function() -> None:
    text = pydoc.plain(pydoc.render_doc(pulumi_openai_admin.get_group))
    assert "\nget_group(*, name: " in text
    assert "Source: GET" in text
