from __future__ import annotations

from typing import Any

import pytest
from pulumi import AssetArchive, FileArchive, FileAsset, RemoteAsset, StringAsset
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_openai_admin.engine.outputs import ARCHIVE, ASSET, plain
from pulumi_openai_admin.schema.shapes import UNKNOWN


def test_an_unknown_value_is_the_marker_of_pulumi() -> None:
    assert rpc.UNKNOWN == UNKNOWN
    assert plain({"a": [Unknown(), {"b": Unknown()}], "c": 1}) == {"a": [UNKNOWN, {"b": UNKNOWN}], "c": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (FileAsset("a.txt"), ASSET),
        (StringAsset("text"), ASSET),
        (RemoteAsset("https://a.test"), ASSET),
        (FileArchive("a.zip"), ARCHIVE),
        (AssetArchive({"a": StringAsset("text")}), ARCHIVE),
    ],
)
def test_assets_are_named_in_words_at_any_depth(value: Any, expected: Any) -> None:
    assert plain([value, {"a": value}]) == [expected, {"a": expected}]
