"""A provider that a program declares: what it says, where, and whom look-ups ask with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from google.protobuf import json_format
from pulumi.runtime.sync_await import _sync_await
from requests_mock import ANY

from pulumi_openai_admin import Project, Provider, config, get_project, list_projects, list_projects_output
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.program.arguments import DeclarationError
from tests.unit import test_config
from tests.unit.fakes import KEY, URL, Mocks, Monitor, listed, outcome, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests_mock

OTHER_KEY = "sk-admin-OTHERORGANIZATION"
OTHER_URL = "https://other.test/v1"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": OTHER_KEY}


class Engine(Mocks):
    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], None]:
        return {"items": [{"name": f"by {args.provider!r}"}]}, None


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch, no_mocks: Callable[[], None]) -> Iterator[Monitor]:  # noqa: ARG001
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    monitor = Engine().monitor
    pulumi.runtime.set_mocks(monitor.mocks, preview=False, monitor=monitor)
    yield monitor
    pulumi.runtime.settings.SETTINGS.outputs.clear()


@pytest.fixture
def asked(requests_mock: requests_mock.Mocker) -> list[tuple[str, str]]:
    """Which addresses are asked, and with which keys."""
    asked: list[tuple[str, str]] = []

    def answer(request: Any, _: Any) -> Any:
        asked.append((request.url.partition("/organization")[0], request.headers["Authorization"].split()[1]))
        return listed({"id": "proj_1", "name": "Demo", "created_at": 1, "status": "active"})[1]

    requests_mock.register_uri("GET", ANY, json=answer)
    return asked


def registered(monitor: Monitor) -> dict[str, Any]:
    """What is registered, by name."""
    return {request.name: request for request in monitor.requests}


def sent(monitor: Monitor, **arguments: Any) -> dict[str, Any]:
    """What the engine knows of a provider."""

    @pulumi.runtime.test
    def program() -> pulumi.Output[Any]:
        return Provider("b", **arguments).urn

    program()
    properties = json_format.MessageToDict(registered(monitor)["b"].object)
    return {key.removeprefix("openai-admin:"): value for key, value in properties.items()}


# What the engine and the provider process are told


def test_all_that_it_says_is_sent_as_settings_and_the_key_as_a_secret(monitor: Monitor) -> None:
    said = sent(
        monitor,
        admin_api_key=OTHER_KEY,
        base_url=pulumi.Output.from_input(OTHER_URL),
        organization="org-b",
        max_wait_seconds=30,
        parallel=pulumi.Output.from_input(4),
    )
    assert said == {
        "provider": "b",
        "adminApiKey": SECRET,
        "baseUrl": OTHER_URL,
        "organization": "org-b",
        "maxWaitSeconds": "30",
        "parallel": "4",
    }
    assert registered(monitor)["b"].type == "pulumi:providers:pulumi-python"


def test_a_resource_and_a_component_are_given_to_it(monitor: Monitor) -> None:
    @pulumi.runtime.test
    def program() -> pulumi.Output[Any]:
        provider = Provider("b", admin_api_key=OTHER_KEY)
        team = pulumi.ComponentResource("my:Team", "team", opts=pulumi.ResourceOptions(providers=[provider]))
        inner = Project("inner", name="p", opts=pulumi.ResourceOptions(parent=team))
        outer = Project("outer", name="p", opts=pulumi.ResourceOptions(provider=provider))
        default = Project("default", name="p")
        return pulumi.Output.all(inner.urn, outer.urn, default.urn)

    program()
    used = {name: request.provider.rpartition("::")[2] for name, request in registered(monitor).items()}
    used.pop("project-stack", None)
    assert used == {"b": "", "team": "", "inner": "b_id", "outer": "b_id", "default": ""}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"admin_api_key": " "}, "There is no OpenAI admin key. Set admin_api_key of Provider 'b' in the program, or"),
        ({"admin_api_key": "a b"}, "The OpenAI admin key from admin_api_key of Provider 'b' contains a space"),
        ({"base_url": "http://openai.test"}, "Set base_url of Provider 'b' to an https:// URL"),
        ({"organization": "org b"}, "Correct organization of Provider 'b': org-…."),
        ({"max_wait_seconds": 0}, "max_wait_seconds of Provider 'b' must be a number of seconds above 0, not '0'."),
        ({"parallel": 65}, "parallel of Provider 'b' must be a whole number from 1 to 64, not '65'."),
        ({"admin_api_key": ..., "parallel": 0}, "parallel of Provider 'b' must be"),
    ],
)
def test_what_can_not_be_used_is_refused_in_programs(monitor: Monitor, arguments: dict[str, Any], message: str) -> None:
    later = pulumi.Output.from_input(OTHER_KEY)
    given = {name: later if value is ... else value for name, value in arguments.items()}
    with pytest.raises(DeclarationError) as refused:
        Provider("b", **{"admin_api_key": OTHER_KEY, **given})
    assert message in str(refused.value)
    assert isinstance(refused.value, pulumi.RunError)
    assert "config set" not in str(refused.value)
    assert not monitor.requests


# What the provider process makes of it


resolve = partial(test_config.resolve, provider="b")


def test_the_organization_of_the_environment_belongs_to_the_key_of_the_environment() -> None:
    environ = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": URL, "OPENAI_ORG_ID": "org-a"}
    settings = resolve(environ, adminApiKey=OTHER_KEY)
    assert (settings.admin_api_key, settings.base_url, settings.organization) == (OTHER_KEY, URL, "")
    assert "OPENAI_ADMIN_KEY" not in str(settings.other_key)
    assert str(settings.name("maxWaitSeconds")) == "max_wait_seconds of Provider 'b'"
    assert resolve(environ).organization == "org-a"
    assert resolve(environ, organization="org-b").organization == "org-b"


@pytest.mark.parametrize("environ", [{}, {"OPENAI_BASE_URL": URL}])
def test_a_key_of_the_environment_is_not_sent_to_an_address_that_only_the_program_has(environ: dict[str, str]) -> None:
    with pytest.raises(config.ConfigurationError) as error:
        resolve({"OPENAI_ADMIN_KEY": KEY, **environ}, baseUrl=OTHER_URL)
    assert str(error.value) == "There is no OpenAI admin key. Set admin_api_key of Provider 'b' in the program."


@pytest.mark.usefixtures("_program", "monitor")
def test_a_look_up_has_the_variables_that_the_provider_has(
    asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, no_mocks: Callable[[], None]
) -> None:
    monkeypatch.setenv("B_KEY", OTHER_KEY)
    mappings = {"B_KEY": "OPENAI_ADMIN_KEY", "B_BASE_URL": "OPENAI_BASE_URL"}  # the second one is not set
    provider = Provider("b", opts=pulumi.ResourceOptions(env_var_mappings=mappings))
    no_mocks()
    list_projects(opts=pulumi.InvokeOptions(provider=provider))
    assert asked == [(URL, OTHER_KEY)]


def test_without_a_key_none_is_sent(monitor: Monitor) -> None:
    assert sent(monitor, organization="org-b") == {"provider": "b", "organization": "org-b"}


# Look-ups


@pytest.mark.usefixtures("_program")
def test_a_look_up_asks_with_the_provider_that_it_is_given(
    monitor: Monitor, asked: list[tuple[str, str]], no_mocks: Callable[[], None]
) -> None:
    provider = Provider("b", admin_api_key=OTHER_KEY, base_url=OTHER_URL)
    team = pulumi.ComponentResource("my:Team", "team", opts=pulumi.ResourceOptions(providers=[provider]))
    bare = pulumi.ComponentResource("my:Team", "bare")
    no_mocks()
    list_projects(opts=pulumi.InvokeOptions(provider=provider))
    get_project(name="Demo", opts=pulumi.InvokeOptions(parent=team))
    assert asked == [(OTHER_URL, OTHER_KEY)], "one list, shared by both"
    list_projects()
    list_projects(opts=pulumi.InvokeOptions(parent=bare))
    assert asked == [(OTHER_URL, OTHER_KEY), (URL, KEY)]
    assert registered(monitor).keys() <= {"b", "team", "bare"}


@pytest.mark.usefixtures("monitor")
def test_a_look_up_waits_for_what_the_provider_says(asked: list[tuple[str, str]], no_mocks: Callable[[], None]) -> None:
    key, url = pulumi.Output.secret(OTHER_KEY), pulumi.Output.from_input(OTHER_URL)
    opts = pulumi.InvokeOptions(provider=Provider("b", admin_api_key=key, base_url=url))
    no_mocks()

    async def program() -> list[Any]:
        return list_projects(opts=opts)  # in the event loop, as in a program

    (found,) = _sync_await(program())
    assert (found.name, asked) == ("Demo", [(OTHER_URL, OTHER_KEY)])
    values, known, secret = outcome(lambda: list_projects_output(opts=opts))
    assert ([value.name for value in values], known, secret) == (["Demo"], True, False), "no secret, though the key is"


@pytest.mark.usefixtures("monitor")
def test_with_a_provider_that_is_not_known_yet_nothing_is_looked_up(
    asked: list[tuple[str, str]], no_mocks: Callable[[], None]
) -> None:
    opts = pulumi.InvokeOptions(provider=Provider("b", admin_api_key=unknown()))
    no_mocks()
    assert outcome(lambda: list_projects_output(opts=opts))[1] is False
    with pytest.raises(LookUpError) as raised:
        list_projects(opts=opts)
    message = "The settings of Provider 'b' are known only after the update."
    assert str(raised.value).startswith(f"{message} Use the function whose name ends in `_output`.")
    assert asked == []


@pytest.mark.usefixtures("monitor")
def test_options_that_a_look_up_can_not_follow_are_refused(asked: list[tuple[str, str]]) -> None:
    another = pulumi.ProviderResource("pulumi-python", "raw", {})
    with pytest.raises(LookUpError, match="The provider 'raw' can't be used by a provider function"):
        list_projects(opts=pulumi.InvokeOptions(provider=another))
    with pytest.raises(LookUpError, match="can't be used by a provider function"):
        list_projects_output(opts=pulumi.InvokeOptions(provider=another))
    waiting = pulumi.InvokeOutputOptions(depends_on=[another])
    with pytest.raises(LookUpError, match="A provider function does not support depends_on"):
        list_projects_output(opts=waiting)
    assert asked == []


@pytest.mark.usefixtures("monitor")
def test_with_mocks_a_test_sees_which_provider_is_asked() -> None:
    provider = Provider("b", admin_api_key=pulumi.Output.secret(OTHER_KEY))
    assert [project.name for project in list_projects()] == ["by ''"]
    opts = pulumi.InvokeOptions(provider=provider)
    assert [project.name for project in list_projects(opts=opts)] == ["by 'b'"]
    assert [project.name for project in outcome(lambda: list_projects_output(opts=opts))[0]] == ["by 'b'"]
