"""What `pulumi import --file` reads: each resource with its whole state, so that nobody has to be asked for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin.provider.adoption import Adopted


def text(adopted: Iterable[tuple[str, Adopted]]) -> str:
    """The file.

    Args:
        adopted: Each resource with its name in the program.
    """
    resources = [_entry(name, one) for name, one in adopted]
    return json.dumps({"resources": resources}, indent=1, ensure_ascii=False) + "\n"


def _entry(name: str, one: Adopted) -> dict[str, Any]:
    return {
        "type": one.type_token,
        "name": name,
        "id": one.id,
        "inputs": dict(one.inputs),
        "outputs": dict(one.outputs),
    }
