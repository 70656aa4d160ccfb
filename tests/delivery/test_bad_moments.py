"""A table: each store, and each moment at which something goes wrong. The same delivery again then succeeds."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.delivery.secret_store import Presence
from tests.delivery.fake_store import MemberStore
from tests.delivery.test_every_store import KEY, NEXT
from tests.delivery.test_no_leak import VERBS, at_each_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.delivery.fake_store import Store

HOSTILE = "\n::set-output name=x::y\x1b[2J\r##vso[task] <b>"


def _others(store: Store) -> dict[str, str]:
    """What belongs to others, and has to stay."""
    return store.members() if isinstance(store, MemberStore) else {}


def _arranged(store: Store) -> dict[str, str]:
    if isinstance(store, MemberStore):
        store.put_member("password", "hunter2-hunter2")
    return _others(store)


def _delivered_again(store: Store, others: Mapping[str, str]) -> None:
    """The next run delivers, others have lost nothing, and the key can be removed."""
    version = store.destination.deliver(NEXT)
    assert store.value() == NEXT
    assert store.destination.presence(version) is not Presence.REPLACED
    assert _others(store) == others
    store.destination.remove(version)
    assert store.value() != NEXT
    assert _others(store) == others


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("status", "is_late"), [(403, False), (404, False), (0, True)], ids=["403", "404", "lost answer"]
)
def test_each_request_that_fails_can_be_repeated(store: Store, verb: str, status: int, *, is_late: bool) -> None:
    others = _arranged(store)
    for error in at_each_step(store, verb, status, is_late=is_late, text=HOSTILE):
        if error:
            assert store.destination.place.lower() in str(error).lower()
            assert not {"\n", "\r"}.intersection(str(error)), "an error is one line, which the place begins"
    _delivered_again(store, others)


def test_what_others_write_before_any_write_stays(document: MemberStore) -> None:
    for step in itertools.count():
        document.put_member("note", "old")
        document.server.requests.clear()
        document.server.at_write = (step, lambda: document.put_member("password", "new-new-new"))
        version = document.destination.deliver(KEY)
        if document.server.at_write:
            break
        assert document.value() == KEY
        assert document.members()["password"] == "new-new-new"
        assert document.destination.presence(version) is Presence.CURRENT
    assert step


@pytest.mark.parametrize("name", ["__proto__", 'say "it"', "a\\b", "::set-output name=x::y", "ключ", "$ref", "1.10"])
def test_a_hostile_name_of_a_member_is_data(document: MemberStore, name: str) -> None:
    """Others may choose the names of their members."""
    document.put_member(name, "of others")
    before = document.members()
    version = document.destination.deliver(KEY)
    assert document.members() == before
    document.destination.remove(version)
    assert document.members() == before
