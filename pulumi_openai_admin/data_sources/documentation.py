"""The documentation of provider functions, from declarations."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.data_sources.kind import first_sentence, plural
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.data_sources.kind import LookUpKind

_WIDTH = 116
_ONCE = "Results are cached for one run. Later calls reuse the first list and send no request."
_OPTS = "Pulumi's options. `provider` or `parent` selects an organization if the program uses several."
ALWAYS = (
    "there is no admin key, or the request failed. The error is an `AdminError`, and the program ends without a "
    "traceback."
)

PROJECT_KEY = "An API key of the project, with which the request is sent. Secret."


@dataclass(frozen=True)
class Documentation:
    """The documentation of a provider function."""

    paragraphs: list[str]
    """What it gives."""
    arguments: Mapping[str, str]
    """The description of each argument, by name."""
    raises: str
    """Why it may fail."""
    paths: Iterable[str]
    """What it reads from OpenAI."""

    @property
    def text(self) -> str:
        """The docstring, in Google's style."""
        entries = "\n".join(_entry(name, text) for name, text in {**self.arguments, "opts": _OPTS}.items())
        source = "Source: " + " and ".join(f"GET {path}" for path in self.paths) + "."
        return "\n\n".join(
            [
                *(textwrap.fill(paragraph, _WIDTH, break_on_hyphens=False) for paragraph in self.paragraphs),
                f"Args:\n{entries}",
                f"Raises:\n{_entry('LookUpError', capitalized(self.raises))}",
                textwrap.fill(source, _WIDTH, break_on_hyphens=False, break_long_words=False),
            ]
        )


def of_list(kind: LookUpKind) -> Documentation:
    """The documentation of `list_…`."""
    summary = kind.about_list or f"All {plural(kind.noun)} of {kind.inside}."
    arguments = {**_parents(kind), **{name: option.of_list for name, option in kind.options.items()}}
    return Documentation([summary, _ONCE], arguments, f"{_refused_parent(kind)}{ALWAYS}", [kind.handler.path])


def of_get(kind: LookUpKind) -> Documentation:
    """The documentation of `get_…`."""
    options = {name: option.of_get for name, option in kind.options.items() if option.of_get}
    arguments = {**_parents(kind), **_keys(kind), **options}
    path = kind.handler.path
    if kind.is_setting:
        summary = f"The {kind.noun} of {kind.inside}."
        names = " and ".join(f"`{name}`" for name in kind.parents)
        absent = f"If there is none, all fields{f' except {names}' if names else ''} are `None`."
        paragraphs = [summary, absent] if kind.shows is Shows.ONE_OR_NONE else [summary]
        return Documentation(paragraphs, arguments, f"{_refused_parent(kind)}{ALWAYS}", [path])
    *others, last = (f"its {_word(kind, name)}" for name in kind.keys)
    ways = f"{', '.join(others)} or {last}" if others else last
    summary = f"One {kind.noun} of {kind.inside}, by {ways}."
    paths = [path] if kind.is_listed else []
    paths += [] if kind.shows is Shows.LIST else [f"{path}/{{{kind.identity}}}"]
    return Documentation([summary], arguments, _misses(kind), paths if len(kind.keys) > 1 else paths[-1:])


def _parents(kind: LookUpKind) -> dict[str, str]:
    key = {kind.project_key: PROJECT_KEY} if kind.project_key else {}
    return {**key, **{name: kind.texts[name] for name in kind.parents}}


def _keys(kind: LookUpKind) -> dict[str, str]:
    """Describes each key; exactly one has to be set."""
    texts = {}
    for name in kind.keys:
        others = " or ".join(f"`{other}`" for other in kind.keys if other != name)
        text = first_sentence(kind.texts[name]).partition("; `None`")[0].rstrip(".")
        exact = "" if name == kind.identity else "The match is exact."
        sentences = (text and f"{text}.", exact, others and f"Set this or {others}.")
        texts[name] = " ".join(sentence for sentence in sentences if sentence)
    return texts


def _word(kind: LookUpKind, name: str) -> str:
    return "id" if name == kind.identity else _WORDS.get(name, name)


_WORDS = {"project_id": "project", "url": "URL"}
"""What a description calls a field by which an object is found, if that is not the name of the field."""


def _misses(kind: LookUpKind) -> str:
    names = [name for name in kind.keys if name != kind.identity]
    nearest = " (the message gives the nearest names)" if names else ""
    several = (
        f", several have the same {' or '.join(_word(kind, name) for name in names)} (it gives all ids)"
        if names
        else ""
    )
    more = f", {kind.refusals}" if kind.refusals else ""
    others = f"or as for `list_{plural(kind.snake)}`." if kind.is_listed else f"or {ALWAYS}"
    return f"There is no such {kind.noun}{nearest}{several}{more}, {others}"


def _refused_parent(kind: LookUpKind) -> str:
    """Errors of the parent: the beginning of a sentence."""
    if not kind.parents:
        return ""
    noun = kind.parent_noun
    archived = " or is archived" if noun == "project" else ""
    return f"The {noun} does not exist{archived}, an id is not valid, "


def _entry(name: str, text: str) -> str:
    return textwrap.fill(
        f"{name}: {text}", _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8, break_on_hyphens=False
    )
