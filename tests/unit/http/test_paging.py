from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.schema.paths import Paging

ROWS = [{"id": "obj_1", "name": "first"}, {"id": "obj_2", "name": "last"}]


@pytest.mark.parametrize(
    ("paging", "parameter"),
    [
        (Paging.LAST_ID, "after"),
        (Paging.NEXT, "after"),
        (Paging.NEXT_PAGE, "page"),
    ],
)
def test_reports_alone_take_their_cursor_as_page(paging: Paging, parameter: str) -> None:
    assert paging.parameter == parameter


@pytest.mark.parametrize(
    ("paging", "page", "cursor"),
    [
        (Paging.LAST_ID, {"last_id": "obj_9"}, "obj_9"),
        (Paging.LAST_ID, {"last_id": None}, "obj_2"),
        (Paging.LAST_ID, {}, "obj_2"),
        (Paging.LAST_ID, {"next": "token"}, "token"),
        (Paging.LAST_ID, {"next": "token", "last_id": "obj_9"}, "token"),
        (Paging.LAST_ID, {"next": None, "last_id": "obj_9"}, "obj_9"),
        (Paging.NEXT, {"next": "token", "next_page": "other", "last_id": "obj_9"}, "token"),
        (Paging.NEXT_PAGE, {"next": "other", "next_page": "token", "last_id": "obj_9"}, "token"),
    ],
)
def test_each_kind_of_list_has_its_cursor_in_one_place(paging: Paging, page: dict[str, Any], cursor: str) -> None:
    assert paging.cursor(page, ROWS, "id") == cursor


@pytest.mark.parametrize("paging", [Paging.NEXT, Paging.NEXT_PAGE])
def test_an_id_never_stands_for_a_token(paging: Paging) -> None:
    assert paging.cursor({"last_id": "obj_2"}, ROWS, "id") is None


def test_the_cursor_is_in_the_field_that_has_the_ids() -> None:
    assert Paging.LAST_ID.cursor({}, ROWS, "name") == "last"


@pytest.mark.parametrize("paging", Paging)
def test_an_empty_page_has_no_cursor(paging: Paging) -> None:
    assert paging.cursor({}, [], "id") is None
