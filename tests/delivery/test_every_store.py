"""What every secret store has to do, each with its real client on a server on loopback."""

from __future__ import annotations

import builtins
import itertools
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.delivery.secret_store import Presence
from tests.delivery.fake_store import Fault, refusal

if TYPE_CHECKING:
    import pytest

    from tests.delivery.fake_store import MemberStore, Store

KEY = "sk-svcacct-" + "Zx9Qw7Lm2Kp4Rt6Yv8Bn"
NEXT = "sk-svcacct-" + "Hc3Dj5Fs1Gk0Ua9We7Ib"


def test_a_check_succeeds_and_writes_nothing(store: Store) -> None:
    before = store.value()
    store.destination.check()
    assert store.value() == before


def test_a_key_arrives_and_the_next_one_replaces_it(store: Store) -> None:
    first = store.destination.deliver(KEY)
    assert KEY not in first
    assert store.destination.presence(first) is Presence.CURRENT
    store.destination.check()
    assert store.value() == KEY
    second = store.destination.deliver(NEXT)
    assert store.value() == NEXT
    assert first != second
    assert store.destination.presence(first) is Presence.REPLACED
    assert store.destination.presence(second) is Presence.CURRENT
    store.destination.remove(first)
    assert store.value() == NEXT, "an earlier version does not remove a later one"


def test_a_repeated_delivery_is_harmless(store: Store) -> None:
    store.destination.deliver(KEY)
    version = store.destination.deliver(KEY)
    assert store.value() == KEY
    assert store.destination.presence(version) is Presence.CURRENT


def test_a_value_of_somebody_else_is_noticed_and_left_alone(store: Store) -> None:
    version = store.destination.deliver(KEY)
    store.put("another value")
    assert store.destination.presence(version) is Presence.REPLACED
    store.destination.remove(version)
    assert store.value() == "another value"


def test_a_removed_key_is_no_longer_there_and_the_next_one_can_be_delivered(store: Store) -> None:
    version = store.destination.deliver(KEY)
    store.destination.remove(version)
    assert store.value() != KEY
    assert store.destination.presence(version) is not Presence.CURRENT
    left = store.value()
    store.destination.remove(version)
    assert store.value() == left
    store.destination.check()
    version = store.destination.deliver(NEXT)
    assert store.value() == NEXT
    assert store.destination.presence(version) is Presence.CURRENT


def test_other_members_of_a_document_stay(document: MemberStore) -> None:
    document.put_member("password", "hunter2-hunter2")
    before = document.members()
    version = document.destination.deliver(KEY)
    assert document.members() == before
    document.put_member("later", "value")
    assert document.destination.presence(version) is Presence.CURRENT
    document.destination.remove(version)
    assert document.value() is None
    assert document.members() == {**before, "later": "value"}


ODD = """{
  "price": 1.10,   "huge": 1e400, "id": 12345678901234567890123, "zero": -0,
  "name": "\\u00e9 é \\/ \\"", "nested": {"b": [1.0, {"a": null}], "a": 1E5}}"""
"""A document that is another one after it was parsed and written."""


def test_a_document_changes_only_at_its_member(document: MemberStore) -> None:
    document.put_text(ODD)
    before = document.document_text()
    document.destination.check()
    document.destination.deliver(KEY)
    with_key = document.document_text()
    assert document.value() == KEY
    version = document.destination.deliver(NEXT)
    assert document.document_text() == with_key.replace(KEY, NEXT)
    document.destination.remove(version)
    assert document.document_text() == before


def test_of_two_that_write_the_first_value_none_is_lost(document: MemberStore) -> None:
    """Just before each request that writes: the comparison with what was read includes that there was nothing."""
    for step in itertools.count():
        document.empty()
        document.server.requests.clear()
        document.server.at_write = (step, lambda: document.put_member("other", "of another program"))
        document.destination.deliver(KEY)
        if document.server.at_write:
            break
        assert document.value() == KEY
        assert document.members()["other"] == "of another program"
    assert step


def test_what_others_write_at_the_same_moment_is_not_lost(document: MemberStore) -> None:
    document.put_member("password", "old")
    document.server.at_first_write = lambda: document.put_member("password", "new")
    version = document.destination.deliver(KEY)
    assert document.value() == KEY
    assert document.members()["password"] == "new"
    document.server.at_first_write = lambda: document.put_member("password", "newer")
    document.destination.remove(version)
    assert document.value() is None
    assert document.members()["password"] == "newer"


def test_a_key_that_is_replaced_at_the_same_moment_is_not_removed(document: MemberStore) -> None:
    version = document.destination.deliver(KEY)
    document.server.at_first_write = lambda: document.put("another value")
    document.destination.remove(version)
    assert document.value() == "another value"


def test_without_the_client_the_error_says_what_to_install(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    client = store.destination.client
    real = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == client or name.startswith(f"{client}."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    told = refusal(store.destination.check)
    assert f"{store.destination.place}: its client is not installed ({client}" in told
    assert f"pip install 'pulumi-openai-admin[{store.destination.extra}]'" in told


def test_an_error_names_the_place(store: Store) -> None:
    store.server.fault = Fault(0, 0)
    for attempt in (
        store.destination.check,
        lambda: store.destination.deliver(KEY),
        lambda: store.destination.presence("1"),
        lambda: store.destination.remove("1"),
    ):
        told = refusal(attempt)
        assert store.destination.place.lower() in told.lower()
        assert "can't be reached" in told
        assert "un the command again" in told
