"""Certificates that are active or not: what was active stays active, and parallel resources share requests."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.shapes import toggle
from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from pulumi_openai_admin.remedies import NOTE
from tests.host.scenarios.certificates import pem
from tests.unit.fakes import NOW, error_body, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI, Log

PATH = "/organization/certificates"
ACTIVATION = Toggle(PATH)
WANTED = Wanted({}, {})
IDS = [f"cert_{number:02}" for number in range(20)]


@pytest.fixture(autouse=True)
def _certificates(openai: FakeOpenAI) -> None:
    openai.seed(certificates=[{"id": id_, "certificate": pem("a")} for id_ in IDS])


def active(openai: FakeOpenAI) -> list[str]:
    return sorted(id_ for id_, row in openai.shown(PATH).items() if row["active"])


def activate(client: Client, id_: str) -> Remote:
    remote = Remote({"certificate_id": id_})
    ACTIVATION.create(client, remote, WANTED)
    remote.step.inputs = ["certificate_id"]
    return remote


def test_a_certificate_that_does_not_exist_is_told_with_the_nearest(client: Client) -> None:
    ACTIVATION.require_candidate(client, {}, "cert_12")
    for id_, advice in (("cert_12x", "Did you mean cert_12?"), ("x", "Check it in OpenAI's dashboard, under Certif")):
        with pytest.raises(errors.NoMatchError) as told:
            ACTIVATION.require_candidate(client, {}, id_)
        assert told.value.what == f"The organization has no certificate {id_}"
        assert told.value.advice.startswith(advice)


@pytest.mark.parametrize(
    ("begin", "was_active", "manager", "stays"),
    [
        (ACTIVATION.create, True, "", True),
        (ACTIVATION.create, False, "OrganizationCertificateActivation 'b'", True),
        (ACTIVATION.adopt, True, "", False),
        (ACTIVATION.update, True, "", False),
        (ACTIVATION.read, True, "", False),
    ],
    ids=["active before", "moved", "adopted", "imported and updated", "imported"],
)
def test_a_certificate_that_was_active_or_is_declared_elsewhere_stays_active(
    client: Client,
    openai: FakeOpenAI,
    caplog: Log,
    begin: Callable[..., None],
    was_active: bool,
    manager: str,
    stays: bool,
) -> None:
    openai.change("certificate", "cert_01", active=was_active)
    remote = Remote({"certificate_id": "cert_01"})
    assert ACTIVATION.observe(client, remote, WANTED).others == ""
    begin(client, remote, *[WANTED] * (begin != ACTIVATION.read))
    assert caplog.messages == []
    remote.step.is_declared_elsewhere = lambda _: manager
    ACTIVATION.delete(client, remote)
    assert active(openai) == ["cert_01"] * stays


@pytest.mark.parametrize(
    ("lists", "is_created", "stays", "message"),
    [
        (1, False, True, "was left active, as it was before this resource."),
        (2, False, True, "was not deactivated: it is not known whether it was active before this resource."),
        (2, True, False, ""),
    ],
)
def test_a_certificate_that_a_list_lacks_is_deactivated_only_if_it_was_not_active(
    client: Client, openai: FakeOpenAI, caplog: Log, lists: int, is_created: bool, stays: bool, message: str
) -> None:
    caplog.set_level(NOTE)
    openai.change("certificate", "cert_01", active=True)
    openai.surprise("GET", "certificates$", listed(), times=lists)
    if is_created:
        client.acquire("cert_01")
    remote = activate(client, "cert_01")
    if lists > 1:
        ACTIVATION.update(client, remote, WANTED)  # it may have been inactive before
    ACTIVATION.delete(client, remote)
    assert active(openai) == ["cert_01"] * stays
    assert [text.partition(" of the organization ")[2].partition(" If")[0] for text in caplog.messages] == [
        message
    ] * stays


@pytest.mark.parametrize("is_listed", [False, True])
def test_an_inactive_certificate_is_gone_if_openai_says_so(client: Client, openai: FakeOpenAI, is_listed: bool) -> None:
    remote = activate(client, "cert_01")
    ACTIVATION.listing(client, remote).forget()
    openai.surprise("GET", "certificates$", listed())
    ACTIVATION.read(client, remote)
    assert remote.attributes["active"], "the list lacks it, and the certificate exists"
    ACTIVATION.listing(client, remote).forget()
    if is_listed:
        openai.change("certificate", "cert_01", active=False)
    else:
        openai.remove("certificate", "cert_01")
    with pytest.raises(
        errors.ResourceGoneError, match="certificate activation cert_01 of the organization no longer exists"
    ):
        ACTIVATION.read(client, remote)


@pytest.fixture
def together(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], list[Any]]:
    """Activates certificates in as many threads. The first request has one id; all others wait for it in the queue."""
    take, idle = toggle._Batches._take, threading.Event()

    def attempt(id_: str) -> Remote | errors.AdminError:
        try:
            with client.operation():
                return activate(client, id_)
        except errors.AdminError as error:
            return error

    def act(ids: list[str]) -> list[Any]:
        def one_at_first(batches: Any, path: str, first: Any) -> Any:
            monkeypatch.setattr(toggle._Batches, "_take", take)
            batches._waiting[path].remove(first)
            while len(batches._waiting[path]) < len(ids) - 1:
                idle.wait(0.01)
            return [first]

        monkeypatch.setattr(toggle._Batches, "_take", one_at_first)
        with ThreadPoolExecutor(len(ids)) as pool:
            return list(pool.map(attempt, ids))

    return act


def test_parallel_resources_share_requests_of_ten(openai: FakeOpenAI, together: Any) -> None:
    assert [remote.id for remote in together(IDS)] == IDS
    batches = [body["certificate_ids"] for _, body in openai.asked("POST")]
    assert [len(batch) for batch in batches] == [1, 10, 9]
    assert sorted(id_ for batch in batches for id_ in batch) == active(openai) == IDS


def test_one_that_openai_refuses_does_not_stop_the_others(openai: FakeOpenAI, together: Any) -> None:
    told = together(["cert_00", "cert_01", "cert_none", "cert_02"])
    assert [type(outcome) for outcome in told] == [Remote, Remote, errors.NotFoundError, Remote]
    assert "activate certificates cert_none" in str(told[2])
    assert active(openai) == ["cert_00", "cert_01", "cert_02"]


def test_a_lost_response_is_recorded_for_each_that_shared_the_request(openai: FakeOpenAI, together: Any) -> None:
    openai.surprise("POST", "activate$", (400, error_body("No")))
    openai.surprise("POST", "activate$", requests.exceptions.ReadTimeout("slow"))
    sent = [outcome for outcome in together(IDS[:4]) if isinstance(outcome, Remote)]
    assert [remote.memory[LostChanges].lost_at for remote in sent] == [NOW + 1] * 3


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_request_of_another_operation_may_act_after_the_time_is_over(
    client: Client, monkeypatch: pytest.MonkeyPatch, is_sent: bool
) -> None:
    waiting, exclusively = client.shared(toggle._Batches)._waiting, client.exclusively

    def never(path: str, action: str) -> Any:
        if path.endswith("/activate"):
            waiting[path] = [] if is_sent else waiting[path]
            raise errors.OperationTimeoutError(f"Could not {action}")
        return exclusively(path, action)

    monkeypatch.setattr(client, "exclusively", never)
    remote = Remote({"certificate_id": "cert_01"})
    with pytest.raises(errors.OperationTimeoutError):
        ACTIVATION.create(client, remote, WANTED)
    assert (remote.step.has_changed, remote.memory[LostChanges].lost_at) == (is_sent, NOW + 1 if is_sent else None)
    assert waiting[f"{PATH}/activate"] == []
