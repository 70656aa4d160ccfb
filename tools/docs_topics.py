"""The topics of the documentation's resource pages. Each page names its topic in its front matter: `topic: Roles`.

The sections of docs/resources/index.md and the navigation of the site follow from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.docs_declarations import DocsError

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = (
    "Projects and limits",
    "Service accounts and keys",
    "People and groups",
    "Roles",
    "Budgets",
    "Security",
    "Workload identity",
    "Settings of the organization",
    "Other objects and settings",
)
"""All topics, in the order in which they are shown."""
NAVIGATION = "navigation.txt"
"""The file of a folder that the generator of the site takes as the folder's navigation."""
_TOPIC = re.compile(r"\A---\ntopic: (.+)\n---\n")


def topic_of(name: str, page: str) -> str:
    """The topic that a resource's page names.

    Raises:
        DocsError: The page names none, or one that does not exist.
    """
    named = _TOPIC.match(page)
    if not named or named[1] not in ORDER:
        begin = f"has the unknown topic {named[1]!r}" if named else "has no topic"
        raise DocsError(
            f"docs/resources/{name}.md {begin}. Begin the page with `---`, `topic: TOPIC` and `---`, where TOPIC is "
            f"one of: {', '.join(ORDER)}"
        )
    return named[1]


def by_topic(pages: Mapping[str, str]) -> dict[str, list[str]]:
    """The names of resources by topic, from the texts of their pages by name.

    Raises:
        DocsError: A page names no topic, or one that does not exist; a topic has no page.
    """
    found: dict[str, list[str]] = {topic: [] for topic in ORDER}
    for name, page in pages.items():
        found[topic_of(name, page)].append(name)
    if empty := [topic for topic, names in found.items() if not names]:
        raise DocsError(f"No page of docs/resources has the topic {', '.join(empty)}: remove it from docs_topics.ORDER")
    return found


def navigation(topics: Mapping[str, list[str]]) -> str:
    """The navigation of docs/resources as a list in Markdown: the page of all resources, then the topics."""
    lines = ["- [All resources](index.md)"]
    for topic, names in topics.items():
        lines += [f"- {topic}", *(f"    - [{name}]({name}.md)" for name in names)]
    return "\n".join(lines) + "\n"
