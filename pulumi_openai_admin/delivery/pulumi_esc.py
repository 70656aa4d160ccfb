"""Environments of Pulumi ESC: the REST API of Pulumi Cloud."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin.delivery import secret_store
from pulumi_openai_admin.delivery.http_store import HttpError, HttpStore
from pulumi_openai_admin.delivery.secret_store import PRODUCT, Presence, Refusal
from pulumi_openai_admin.remedies import CORRECT_PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from pulumi_openai_admin.delivery.secret_store import StoreCall

DefinitionPath = tuple["str | int", ...]
"""Where a value is in the definition: names of objects and places in lists, `values` first."""

_FUNCTION = "fn::secret"
"""What makes a value secret."""
_ELEMENT = re.compile(r'(?:^|(?!^)\.)([^.\[\]"]+)|(?!^)\[(\d+)\]|(?:(?!^)\.)?\["((?:[^"\\]|\\.)*)"\]')
_INDENT = 2
_OTHER_PATH = "Name another path: "
_SCALAR, _SEQUENCE, _MAPPING = "scalar", "sequence", "mapping"
"""The `id` of PyYAML's nodes."""


def path_of(text: str) -> DefinitionPath:
    """The elements of a property path: `openai.key`, `openai["a.b"]`, `accounts[0].key`.

    A path into the imports, or one that does not end with a name, is refused.
    """
    found = list(_ELEMENT.finditer(text))
    if not found or "".join(element[0] for element in found) != text:
        raise Refusal(
            f"'{text}' is not a property path", 'Write it as `openai.key` or `openai["a.b"]`: ', then=CORRECT_PROGRAM
        )
    elements = [
        name or (int(index) if index else re.sub(r"\\(.)", r"\1", quoted))
        for name, index, quoted in (element.groups() for element in found)
    ]
    if elements[0] == "imports":
        raise Refusal(
            "'imports' names other environments and holds no values", "Name a path in `values`: ", then=CORRECT_PROGRAM
        )
    if isinstance(elements[-1], int):
        raise Refusal(f"'{text}' ends with a place in a list", "Name a property of an object: ", then=CORRECT_PROGRAM)
    return ("values", *elements)


def value_at(text: str, path: DefinitionPath) -> object:
    """The value at a path: a text, plain or secret; None if there is none; a node of YAML if it is anything else."""
    node: Any = _root(text)
    for element in path:
        node = _child(node, element)
    if (argument := _argument(node)) is not None:
        node = argument
    return node.value if node and node.id == _SCALAR and node.tag.endswith(":str") else node


def with_secret(text: str, path: DefinitionPath, value: str) -> str:
    """The definition with a secret at a path, instead of the value that is there.

    Refused if something else is there, or on the way, that would be lost or can't contain it.
    """
    root = _root(text)
    secret = {_FUNCTION: value}
    node, parent = root, None
    for depth, element in enumerate(path):
        if _is_empty(node):
            return _verified(text, _instead(text, node, _nested(path[depth:], secret), parent), path, secret)
        _require_parent(node, path[:depth], element)
        child = _child(node, element)
        if child is None:
            return _verified(text, _with_pair(text, node, path[depth:], secret), path, secret)
        node, parent = child, node
    argument = _argument(node)
    if argument is None and node.id != _SCALAR:
        raise Refusal(f"{_shown(path)} {_kind(node)}, which a key would replace", _OTHER_PATH, then=CORRECT_PROGRAM)
    if argument is None:
        return _verified(text, _instead(text, node, secret, parent), path, secret)
    return _verified(text, text[: _start(argument)] + json.dumps(value) + text[_end(text, argument) :], path, secret)


def without(text: str, path: DefinitionPath) -> str:
    """The definition without the value at a path, which is there. Refused if something else would change."""
    parent: Any = _root(text)
    for element in path[:-1]:
        parent = _child(parent, element)
    pairs = parent.value
    place = next(place for place, (key, _) in enumerate(pairs) if key.value == path[-1])
    start, end = _start(pairs[place][0]), _end(text, pairs[place][1])
    line = text.rfind("\n", 0, start) + 1
    if len(pairs) == 1:
        changed = text[: _start(parent)] + "{}" + text[_end(text, parent) :]
    elif not parent.flow_style and not text[line:start].strip():
        changed = text[:line] + text[_line_end(text, end) :]
    elif place + 1 < len(pairs):
        changed = text[:start] + text[_start(pairs[place + 1][0]) :]
    else:
        changed = text[: _end(text, pairs[place - 1][1])] + text[end:]
    return _verified(text, changed, path, None)


def _root(text: str) -> Any:
    """The node of the whole definition; None if it is empty."""
    import yaml  # type: ignore[import-untyped] # noqa: PLC0415 - of the extra

    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        reason = f"its definition can't be read as YAML{where}"
        raise Refusal(reason, "Correct it with `pulumi env edit`, then ") from None


def _child(node: Any, element: str | int) -> Any:
    """What a node has at an element of a path; None if there is nothing."""
    if node and node.id == _SEQUENCE and isinstance(element, int):
        return node.value[element] if element < len(node.value) else None
    if node and node.id == _MAPPING and isinstance(element, str):
        return next((value for key, value in node.value if key.value == element), None)
    return None


def _argument(node: Any) -> Any:
    """The argument of `fn::secret`; None if the node is no call of it."""
    if node and node.id == _MAPPING and len(node.value) == 1 and node.value[0][0].value == _FUNCTION:
        return node.value[0][1]
    return None


def _require_parent(node: Any, path: DefinitionPath, element: str | int) -> None:
    """Refuse a node that can't contain the rest of a path."""
    if not path and node.id == _MAPPING:
        return
    is_list = isinstance(element, int)
    if is_list and node.id == _SEQUENCE:
        if _child(node, element) is None:
            raise Refusal(f"{_shown(path)} has no entry [{element}]", _OTHER_PATH, then=CORRECT_PROGRAM)
        return
    if not is_list and node.id == _MAPPING and _function(node) is None:
        return
    inside = f"[{element}]" if is_list else f"'{element}'"
    raise Refusal(f"{_shown(path)} {_kind(node)} and can't contain {inside}", _OTHER_PATH, then=CORRECT_PROGRAM)


def _function(node: Any) -> str | None:
    """The function that a mapping calls: `fn::open::aws-login`."""
    return next((key.value for key, _ in node.value if str(key.value).startswith("fn::")), None)


def _kind(node: Any) -> str:
    """What a node is, for a message."""
    if node.id == _SEQUENCE:
        return "is a list"
    if node.id == _MAPPING:
        function = _function(node)
        return f"has the value of {function}" if function else "is an object"
    return "refers to another value" if str(node.value).startswith("${") else "is no object"


def _shown(path: DefinitionPath) -> str:
    """A path as a program has it: relative to `values`."""
    text = "".join(f"[{element}]" if isinstance(element, int) else f".{element}" for element in path[1:])
    return f"'{text[1:]}'" if text else "'values'" if path else "the definition"


def _is_empty(node: Any) -> bool:
    """Return whether there is nothing, or null, or an object without properties."""
    return not node or (node.tag.endswith(":null") if node.id == _SCALAR else node.id == _MAPPING and not node.value)


def _nested(path: DefinitionPath, value: dict[str, Any]) -> dict[str, Any]:
    """Objects that lead to a value. What does not exist yet can't be a list."""
    for element in reversed(path):
        if isinstance(element, int):
            raise Refusal(f"there is no list for the entry [{element}]", _OTHER_PATH, then=CORRECT_PROGRAM)
        value = {element: value}
    return value


def _instead(text: str, node: Any, value: dict[str, Any], parent: Any) -> str:
    """The text with an object in place of a scalar, or of nothing. It stays in its line, with the comment after it."""
    if parent is None:
        start = end = len(text) if node is None else _start(node)
        end = end if node is None else _end(text, node)
        return _ended(text[:start]) + _block(value, 0) + text[end:].lstrip(" ")
    start = _start(node)
    space = "" if text[start - 1].isspace() or text[start - 1] in "[{," else " "
    return text[:start] + space + _flow(value) + text[_end(text, node) :]


def _with_pair(text: str, node: Any, path: DefinitionPath, secret: dict[str, Any]) -> str:
    """The text with one more property, after the last one of an object."""
    value = _nested(path, secret)
    last = node.value[-1][1]
    end = _end(text, last)
    if node.flow_style:
        return f"{text[:end]}, {_flow(value)[1:-1]}{text[end:]}"
    place = last.end_mark.index if getattr(last, "style", None) in {"|", ">"} else _line_end(text, end)
    return _ended(text[:place]) + _block(value, node.value[0][0].start_mark.column) + text[place:]


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _block(value: Any, column: int) -> str:
    """Nested objects of one property each, in lines."""
    ((key, inner),) = value.items()
    start = f"{' ' * column}{_key(key)}:"
    if isinstance(inner, dict):
        return f"{start}\n{_block(inner, column + _INDENT)}"
    return f"{start} {json.dumps(inner)}\n"


def _flow(value: Any) -> str:
    if not isinstance(value, dict):
        return json.dumps(value)
    ((key, inner),) = value.items()
    return f"{{{_key(key)}: {_flow(inner)}}}"


def _key(name: str) -> str:
    import yaml  # noqa: PLC0415 - of the extra

    is_plain = re.fullmatch(r"[A-Za-z_][\w:-]*[\w-]", name, re.ASCII) and yaml.safe_load(name) == name
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def _start(node: Any) -> int:
    return int(node.start_mark.index)


def _end(text: str, node: Any) -> int:
    """Where a node ends. The end mark of a block is where the next token begins: after comments, in another line."""
    if node.id != _SCALAR and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = _start(node), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _line_end(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def _scalars(node: Any) -> Iterator[str]:
    """All scalar values in a node, which may be secret."""
    if node and node.id == _SCALAR:
        yield node.value
    elif node:
        for entry in node.value:
            for inner in entry[1:] if isinstance(entry, tuple) else (entry,):
                yield from _scalars(inner)


def _meaning(node: Any) -> Any:
    """What a node means, for a comparison."""
    if _is_empty(node):
        return {}
    if node.id == _MAPPING:
        return {key.value: _meaning(value) for key, value in node.value}
    if node.id == _SEQUENCE:
        return [_meaning(entry) for entry in node.value]
    return (node.tag, node.value)


def _verified(text: str, changed: str, path: DefinitionPath, value: dict[str, Any] | None) -> str:
    """The changed text, if it means what it should: the same as before, with or without the value."""
    wanted = _meaning(_root(text))
    parent = wanted
    for element in path[:-1]:
        parent = parent.setdefault(element, {}) if isinstance(parent, dict) else parent[element]
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = {_FUNCTION: ("tag:yaml.org,2002:str", value[_FUNCTION])}
    try:
        found = _meaning(_root(changed))
    except Refusal:
        found = None
    if found != wanted:
        reason = f"the YAML around {_shown(path)} has a form that can't be changed without changing other values"
        raise Refusal(reason, "Write it without anchors, and with spaces (`pulumi env edit`); then ")
    return changed


_ETAG, _REVISION = "ETag", "Pulumi-ESC-Revision"
_CONFLICT = 409


@dataclass(frozen=True, kw_only=True)
class PulumiEsc(HttpStore):
    """A secret value in an environment of Pulumi ESC. The rest of its definition stays as it is, comments included.

    The token is `PULUMI_ACCESS_TOKEN`, otherwise the token that `pulumi login` stored in `~/.pulumi/credentials.json`.
    The URL is `PULUMI_BACKEND_URL`, `PULUMI_API` or the URL of the login, if it is a Pulumi Cloud. The environment must
    exist. Missing objects in the path of the value are created.

    Every update names the ETag of the definition that was read. If somebody else has changed the definition since, it
    is read and changed again. For an update, the other secrets are read as ciphertext. `presence` and `remove` decrypt
    them.

    `check` reads the definition and prepares the change without sending it. It does not verify that the token may
    update the environment, or that updates need no approval. `remove` writes a definition without the value. Earlier
    revisions keep the revoked key.

    Args:
        environment: The environment: `<organization>/<project>/<environment>`.
        path: The property path of the value in `values`: `openai.key`.
    """

    extra: ClassVar[str] = "deliver-pulumi-esc"
    client: ClassVar[str] = "yaml"
    called: ClassVar[str] = "value '{path}' of Pulumi ESC environment '{environment}'"
    operator: ClassVar[str] = "Pulumi Cloud"
    url_parts: ClassVar = {"environment": "<organization>/<project>/<environment>"}
    advice: ClassVar = {
        401: "Set PULUMI_ACCESS_TOKEN, or run `pulumi login`; then ",
        403: "Give the token's owner the permission 'write' for the environment, then ",
        404: "Create the environment (`pulumi env init`), or give the token's owner access to it; then ",
    }

    environment: str
    path: str

    def _check(self, session: requests.Session, call: StoreCall) -> None:
        path = path_of(self.path)
        with_secret(self._read(session, call).text, path, "trial")

    def _deliver(self, key: str, session: requests.Session, call: StoreCall) -> str:
        path = path_of(self.path)
        for _ in range(secret_store.ATTEMPTS):
            found = self._read(session, call)
            revision = self._write(session, with_secret(found.text, path, key), found)
            if revision is not None:
                return secret_store.member_version(revision, key)
        raise secret_store.contended()

    def _presence(self, version: str, session: requests.Session, call: StoreCall) -> Presence:
        found = self._read(session, call, "/decrypt").text
        value = value_at(found, path_of(self.path))
        return Presence.GONE if value is None else secret_store.member_presence(version, value)

    def _remove(self, version: str, session: requests.Session, call: StoreCall) -> None:
        path = path_of(self.path)
        for _ in range(secret_store.ATTEMPTS):
            opened = self._read(session, call, "/decrypt")
            if not secret_store.is_version(version, value_at(opened.text, path)):
                return
            found = self._read(session, call)
            is_same = found.headers.get(_REVISION) == opened.headers.get(_REVISION)
            if is_same and self._write(session, without(found.text, path), found) is not None:
                return
        raise secret_store.contended()

    def _client(self, call: StoreCall) -> requests.Session:
        from pulumi_openai_admin.delivery.http_adapter import new_session  # noqa: PLC0415 - it imports `requests`

        address = _address()
        secret_store.require_safe(address, "PULUMI_BACKEND_URL")
        stored = ({address: os.environ.get("PULUMI_ACCESS_TOKEN")}, _login().get("accessTokens") or {})
        tokens = (token for found in stored for url, token in found.items() if token and url.rstrip("/") == address)
        token = next(tokens, None)
        if token is None:
            raise Refusal("there is no token", "Set PULUMI_ACCESS_TOKEN, or run `pulumi login`; then ")
        headers = {"Accept": "application/vnd.pulumi+8", "Authorization": f"token {token}", "User-Agent": PRODUCT}
        return new_session(call, headers)

    def _read(self, session: requests.Session, call: StoreCall, rest: str = "") -> requests.Response:
        """The response with the definition, its ETag, and its revision."""
        reply = self._send(session, "GET", rest)
        reply.encoding = "utf-8"
        call.mask.add(_scalars(_root(reply.text)))
        if not reply.headers.get(_ETAG):
            reason = "Pulumi Cloud returned no ETag, so another change at the same time could be lost"
            raise Refusal(reason, "Check the address of Pulumi Cloud, then ")
        return reply

    def _write(self, session: requests.Session, text: str, old: requests.Response) -> str | None:
        """Update a definition that was read. Returns the new revision; None if somebody else was first."""
        try:
            reply = self._send(session, "PATCH", data=text.encode(), headers={_ETAG: old.headers[_ETAG]})
        except HttpError as error:
            if error.status != _CONFLICT:
                raise
            return None
        return str(reply.headers.get(_REVISION, ""))

    @property
    @override
    def _url(self) -> str:
        return f"{_address()}/api/esc/environments/{self._in_url('environment')}"


def _address() -> str:
    """The address of Pulumi Cloud, as Pulumi finds it. A backend in files or in a bucket has no environments."""
    found = (os.environ.get("PULUMI_BACKEND_URL"), os.environ.get("PULUMI_API"), _login().get("current"))
    urls = (url.rstrip("/") for url in found if isinstance(url, str) and url.startswith("http"))
    return next(urls, "https://api.pulumi.com")


def _login() -> dict[str, Any]:
    """What `pulumi login` has stored; empty if nobody has logged in."""
    folder = os.environ.get("PULUMI_CREDENTIALS_PATH") or os.environ.get("PULUMI_HOME") or "~/.pulumi"
    try:
        found = json.loads((Path(folder).expanduser() / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
