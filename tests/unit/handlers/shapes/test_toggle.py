"""Certificates that are active or not: what was active stays active, and parallel resources share requests."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.shapes import toggle
from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from tests.unit.fakes import FakeOpenAI, Log, error_body, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests_mock import Mocker

    from pulumi_openai_admin.http.client import Client

ACTIVATION = Toggle("/organization/certificates")
WANTED = Wanted({}, {})


@dataclass
class Certificates(FakeOpenAI):
    """The organization's certificates: which are active, and the batches that were sent."""

    active: dict[str, bool] = field(default_factory=lambda: {f"cert_{number}": False for number in range(25)})
    batches: list[tuple[str, list[str]]] = field(default_factory=list)
    unlisted: set[str] = field(default_factory=set)
    before: Callable[[], object] = lambda: None

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/organization/projects":
            return listed({"id": "proj_1"})
        id_ = path.removeprefix("/organization/certificates").strip("/")
        if method == "GET" and id_:
            return (200, {"id": id_}) if id_ in self.active else (404, error_body("No such certificate"))
        if method == "GET":
            return listed(*({"id": id_, "active": on} for id_, on in self.active.items() if id_ not in self.unlisted))
        self.before()
        ids = body["certificate_ids"]
        self.batches.append((id_, sorted(ids)))
        if not set(ids) <= set(self.active):
            return 404, error_body("No certificate found")
        self.active.update(dict.fromkeys(ids, id_ == "activate"))
        return 200, {"data": [{"id": id_, "active": self.active[id_]} for id_ in ids]}


@pytest.fixture
def there(requests_mock: Mocker) -> Certificates:
    return Certificates(requests_mock)


def activate(client: Client, id_: str) -> Remote:
    remote = Remote({"certificate_id": id_})
    ACTIVATION.create(client, remote, WANTED)
    return remote


@pytest.mark.usefixtures("there")
def test_a_certificate_that_does_not_exist_is_told_with_the_nearest(client: Client) -> None:
    ACTIVATION.require_candidate(client, {}, "cert_1")
    for id_, advice in (("cert_12x", "Did you mean cert_12 "), ("x", "Check it in OpenAI's dashboard, under Certif")):
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
    ],
    ids=["active before", "moved", "imported"],
)
def test_a_certificate_that_was_active_or_is_declared_elsewhere_stays_active(
    client: Client,
    there: Certificates,
    caplog: Log,
    begin: Callable[..., None],
    was_active: bool,
    manager: str,
    stays: bool,
) -> None:
    there.active["cert_1"] = was_active
    remote = Remote({"certificate_id": "cert_1"})
    assert ACTIVATION.observe(client, remote, WANTED).others == ""
    begin(client, remote, WANTED)
    assert caplog.messages == []
    remote.step.is_declared_elsewhere = lambda _: manager
    ACTIVATION.delete(client, remote)
    assert there.active["cert_1"] is stays


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_certificate_that_is_not_active_is_gone_only_if_openai_says_so(
    client: Client, there: Certificates, is_listed: bool
) -> None:
    remote = activate(client, "cert_1")
    ACTIVATION.listing(client, remote).forget()
    there.unlisted = {"cert_1"}
    ACTIVATION.read(client, remote)
    assert remote.attributes["active"], "the list lacks it, and the certificate exists"
    ACTIVATION.listing(client, remote).forget()
    there.unlisted = set()
    if is_listed:
        there.active["cert_1"] = False
    else:
        del there.active["cert_1"]
    with pytest.raises(
        errors.ResourceGoneError, match="certificate activation cert_1 of the organization no longer exists"
    ):
        ACTIVATION.read(client, remote)


def together(client: Client, there: Certificates, ids: list[str], count: int) -> list[Remote | errors.AdminError]:
    """Activate certificates in as many threads; the first request waits until all others stand in the queue."""

    def wait() -> None:
        there.before = lambda: None
        queue = client.shared(toggle._Batches)._waiting
        is_waiting = threading.Event()
        while len(queue["/organization/certificates/activate"]) < count and not is_waiting.wait(0.01):
            pass

    def attempt(id_: str) -> Remote | errors.AdminError:
        try:
            return activate(client, id_)
        except errors.AdminError as error:
            return error

    there.before = wait
    with ThreadPoolExecutor(len(ids)) as pool:
        return list(pool.map(attempt, ids))


@pytest.fixture
def _one_then_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first request takes one id; all others wait for it."""
    take = toggle._Batches._take
    taken: list[Any] = []

    def one_at_first(batches: Any, path: str, first: Any) -> Any:
        if taken:
            return take(batches, path, first)
        taken.append(first)
        batches._waiting[path].remove(first)
        return [first]

    monkeypatch.setattr(toggle._Batches, "_take", one_at_first)


@pytest.mark.usefixtures("_one_then_the_rest")
def test_parallel_resources_share_requests_of_ten(client: Client, there: Certificates) -> None:
    ids = [f"cert_{number}" for number in range(25)]
    remotes = together(client, there, ids, count=24)
    assert [remote.id for remote in remotes if isinstance(remote, Remote)] == ids
    assert [len(batch) for _, batch in there.batches] == [1, 10, 10, 4]
    assert sorted(id_ for _, batch in there.batches for id_ in batch) == sorted(ids)
    assert all(there.active.values())


@pytest.mark.usefixtures("_one_then_the_rest")
def test_one_that_openai_refuses_does_not_stop_the_others(client: Client, there: Certificates) -> None:
    told = together(client, there, ["cert_0", "cert_1", "cert_none", "cert_2"], count=3)
    assert [type(outcome) for outcome in told] == [Remote, Remote, errors.NotFoundError, Remote]
    assert "activate certificates cert_none" in str(told[2])
    assert [id_ for id_, on in there.active.items() if on] == ["cert_0", "cert_1", "cert_2"]
