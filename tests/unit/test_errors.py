from __future__ import annotations

import pickle
import re

from pulumi_openai_admin import errors

KINDS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
DECLARED = {name: kind for name, kind in KINDS.items() if issubclass(kind, errors.AdminError)}


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^(\s*)[*+-] (\w+)", errors.__doc__ or "", re.MULTILINE)
    parents: dict[int, str] = {}
    shown = {}
    for indent, name in drawn:
        depth = len(indent)
        shown[name] = next((parents[level] for level in sorted(parents, reverse=True) if level < depth), "Exception")
        parents = {level: other for level, other in parents.items() if level < depth} | {depth: name}
    assert shown == {name: kind.__bases__[-1].__name__ for name, kind in DECLARED.items()}


def test_all_that_may_have_acted_is_known() -> None:
    acted = {name for name, kind in DECLARED.items() if kind.may_have_acted}
    assert acted == {
        "UpdateNotAppliedError",
        "ResponseLostError",
        "InvalidResponseError",
        "InternalServerError",
        "UnknownCreationError",
    }


def test_an_error_without_facts_survives_a_pickle() -> None:
    error = errors.ResourceGoneError("It left", "Look for it.")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - made on the line itself
