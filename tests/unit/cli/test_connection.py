from __future__ import annotations

import threading

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.connection import of_provider, read_each, run_concurrently


def test_nothing_begins_after_the_caller_has_had_enough() -> None:
    begun: list[int] = []
    go_on = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number:
            go_on.wait(10)

    results = run_concurrently(work, list(range(50)), 1)
    next(results)
    results.close()  # type: ignore[attr-defined]
    go_on.set()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(0.5)
    assert len(begun) < 50


@pytest.mark.parametrize(
    ("mappings", "key", "address"),
    [
        ({}, "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL"),
        ({"B": "OPENAI_ADMIN_KEY", "B_URL": "OPENAI_BASE_URL"}, "B", "B_URL"),
    ],
    ids=["environment", "mapped"],
)
def test_a_refused_address_names_the_variables_of_the_provider(
    monkeypatch: pytest.MonkeyPatch, mappings: dict[str, str], key: str, address: str
) -> None:
    monkeypatch.setenv(key, "sk-admin-made-up")
    with pytest.raises(errors.ConfigurationError) as refused:
        of_provider({"openai-admin:baseUrl": "https://openai.example.com/v1"}, mappings)
    assert str(refused.value).startswith(f"The admin key from {key} is not sent to https://openai.example.com/v1, ")
    assert str(refused.value).endswith(f"If the address is right, set {address} to it.")


@pytest.mark.parametrize("id_", ["proj_1", "user-alan"])
def test_only_what_has_ended_itself_is_left_out(id_: str) -> None:
    def read(_: str) -> str:
        gone = errors.ParentEndedError("It has ended")
        gone.parent = ("user_id", "user-alan")
        raise gone

    if id_ == "user-alan":
        assert read_each("Reading", read, [id_], 1) == {}
    else:
        with pytest.raises(errors.ParentEndedError):
            read_each("Reading", read, [id_], 1)
