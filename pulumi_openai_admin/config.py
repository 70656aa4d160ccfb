"""Where the key, the address and the patience come from.

The environment wins over the stack's configuration, since it is the only one of the two
that is always live: refresh and destroy see the configuration as the last `pulumi up`
recorded it.

| environment            | stack configuration            | default                     |
|------------------------|--------------------------------|-----------------------------|
| `OPENAI_ADMIN_KEY`     | `openai-admin:adminApiKey`     | none: required at the first request |
| `OPENAI_BASE_URL`      | `openai-admin:baseUrl`         | `https://api.openai.com/v1` |
| `OPENAI_ORG_ID`        | `openai-admin:organization`    | none: the key's own         |
| none                   | `openai-admin:maxWaitSeconds`  | 600                         |
| none                   | `openai-admin:connectTimeoutSeconds` | 10                    |
| none                   | `openai-admin:readTimeoutSeconds`    | 60                    |
| none                   | `openai-admin:parallel`        | 16                          |

A `Provider` that a program declares has a configuration of its own, with the same keys, which wins over the
environment: see `OF_PROVIDER`.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_openai_admin.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMESPACE = "openai-admin"
OF_PROVIDER = f"{NAMESPACE}:provider"
"""In the configuration of a `Provider`: its name in the program. A stack's configuration does not have it."""
MAX_PARALLEL = 64
DEFAULT_BASE_URL = "https://api.openai.com/v1"

_THEN_RECORD = " Then run `pulumi up`, which records it anew: refresh and destroy use the recorded value."
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Wording:
    """What messages call the things that a user can turn: others on the command line than in a Pulumi program."""

    max_wait: str = f"{NAMESPACE}:maxWaitSeconds"
    """What sets `max_wait_seconds`."""
    address: str = f"OPENAI_BASE_URL (or {NAMESPACE}:baseUrl)"
    """What sets `base_url`."""
    organization: str = f"OPENAI_ORG_ID (or {NAMESPACE}:organization)"
    """What sets `organization`."""
    give_up: str = " To give up at once, press Ctrl-C a second time."
    other_key: str = (
        " For this run alone, set OPENAI_ADMIN_KEY: it wins over the stack's configuration, of which refresh and "
        "destroy use what the last `pulumi up` recorded."
    )
    """How to use another key than the one that was refused."""
    key_in_configuration: str = f"the stack's configuration {NAMESPACE}:adminApiKey"
    """Where a key came from that is not the environment's."""
    no_key: str = (
        "Set the environment variable OPENAI_ADMIN_KEY, or keep it in the stack: "
        f"`pulumi config set --secret {NAMESPACE}:adminApiKey`."
    )
    provider: str = ""
    """The Provider in the program whose settings they are; empty for those of the stack."""

    def name_of(self, setting: str) -> str:
        """What sets a setting."""
        if not self.provider:
            return f"{NAMESPACE}:{setting}"
        return f"{re.sub('[A-Z]', lambda letter: f'_{letter[0].lower()}', setting)} of {self.provider}"

    def correction_of(self, setting: str, value: float) -> str:
        """An advice that shows how to set it."""
        example = f"For instance: `pulumi config set {NAMESPACE}:{setting} {value:.0f}`."
        return ("Correct it in the program." if self.provider else example) + _THEN_RECORD


@dataclass(frozen=True)
class Settings:
    """What a requestor needs to know. Equal settings share one requestor."""

    admin_api_key: str = field(repr=False)
    """The Admin API key. Secret."""
    key_source: str = field(compare=False)
    """Where the key came from, in words for a message."""
    base_url: str = DEFAULT_BASE_URL
    organization: str = ""
    max_wait_seconds: float = 600
    """How long one operation may take in all, in seconds; where it is made of many steps, how long each of them may."""
    connect_timeout_seconds: float = 10
    read_timeout_seconds: float = 60
    parallel: int = 16
    """How many resources are created, changed, read or deleted at a time, where Pulumi's own number is four; and how
    many requests one of them that needs many sends at a time."""
    wording: Wording = field(default=Wording(), compare=False)

    @property
    def is_loopback(self) -> bool:
        """Whether the address is this machine's own."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


SETTINGS = tuple(
    re.sub(r"_(\w)", lambda letter: letter[1].upper(), one.name)
    for one in fields(Settings)
    if one.name not in {"key_source", "wording"}
)
"""The names of the stack's settings, without the namespace."""


def check(stack: Mapping[str, object], *, is_shared: bool = False) -> None:
    """Refuse a stack's settings that can't be used, even where the environment wins over them now.

    Args:
        stack: The settings of the namespace, by full key.
        is_shared: Whether others keep settings in the namespace, too.

    Raises:
        ConfigurationError: A value can't be used, or a key is no setting's.
    """
    for key in stack:
        name = key.removeprefix(f"{NAMESPACE}:")
        is_meant = not is_shared or name.lower() in {one.lower() for one in SETTINGS}
        if name not in SETTINGS and is_meant:
            raise ConfigurationError(f"{key} is no setting of pulumi-openai-admin", _advice_on(name))
    resolve({}, {f"{NAMESPACE}:adminApiKey": "none-is-needed-for-this", **stack}.get)


def _advice_on(name: str) -> str:
    """What to do about a key that is no setting's: often the key of one is meant."""
    by_lower = {one.lower(): one for one in SETTINGS}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    if not near:
        return f"Remove it: `pulumi config rm {NAMESPACE}:{name}`. There are {', '.join(SETTINGS)}."
    meant = by_lower[near[0]]
    value = "--secret " if meant == "adminApiKey" else ""
    return (
        f"Did you mean {NAMESPACE}:{meant}? Set it with `pulumi config set {value}{NAMESPACE}:{meant}`, and remove the "
        f"other one with `pulumi config rm {NAMESPACE}:{name}`."
    )


def resolve(
    environ: Mapping[str, str], stack_config: Callable[[str], object], wording: Wording = Settings.wording
) -> Settings:
    """Read the settings, environment first.

    Args:
        environ: The process's environment.
        stack_config: Gives the stack's value of a full key (`openai-admin:baseUrl`), None where there is none.
        wording: What messages call the things that the user can turn.

    Raises:
        ConfigurationError: No key, or a value that will not do.
    """

    def configured(name: str) -> str:
        value = stack_config(f"{NAMESPACE}:{name}")
        return "" if value is None else str(value).strip()

    if name := stack_config(OF_PROVIDER):
        # The key and the organization in the environment belong together, and to the default provider.
        environ = {one: environ.get(one, "") for one in ("OPENAI_BASE_URL",) if not configured("baseUrl")}
        wording = _provider_wording(name, wording)
    key, source = _admin_key(environ, configured, wording)
    return Settings(
        admin_api_key=key,
        key_source=source,
        base_url=_base_url(environ, configured, wording),
        organization=_organization(environ, configured, wording),
        max_wait_seconds=_seconds("maxWaitSeconds", configured, Settings.max_wait_seconds, wording),
        connect_timeout_seconds=_seconds(
            "connectTimeoutSeconds", configured, Settings.connect_timeout_seconds, wording
        ),
        read_timeout_seconds=_seconds("readTimeoutSeconds", configured, Settings.read_timeout_seconds, wording),
        parallel=_parallel(configured("parallel"), wording),
        wording=wording,
    )


def _provider_wording(name: object, wording: Wording) -> Wording:
    provider = f"Provider {name!r}"
    return replace(
        wording,
        max_wait=f"max_wait_seconds of {provider}",
        address=f"base_url of {provider}",
        organization=f"organization of {provider}",
        other_key=(
            f" Change admin_api_key of {provider} in the program, then run `pulumi up`: refresh and destroy use the "
            "key that the last `pulumi up` recorded."
        ),
        key_in_configuration=f"admin_api_key of {provider}",
        no_key=f"Set admin_api_key of {provider} in the program.",
        provider=provider,
    )


def _admin_key(environ: Mapping[str, str], configured: Callable[[str], str], wording: Wording) -> tuple[str, str]:
    key, source = environ.get("OPENAI_ADMIN_KEY", "").strip(), "the environment variable OPENAI_ADMIN_KEY"
    if not key:
        key, source = configured("adminApiKey"), wording.key_in_configuration
    if not key:
        raise ConfigurationError("There is no OpenAI admin key", wording.no_key)
    if not _HEADER_SAFE.fullmatch(key):
        what = f"The OpenAI admin key from {source} holds a space or another character that no key has"
        recorded = _THEN_RECORD if source == wording.key_in_configuration else ""
        raise ConfigurationError(what, f"Copy it again, on one line and without quotes.{recorded}")
    return key, source


def _base_url(environ: Mapping[str, str], configured: Callable[[str], str], wording: Wording) -> str:
    live = environ.get("OPENAI_BASE_URL", "").strip()
    url = live or configured("baseUrl") or DEFAULT_BASE_URL
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = not (set("?#") & set(url) or parts.username or parts.password)
    if host and plain and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        return url.rstrip("/")
    shown = f"{parts.scheme}://{host}" if host else "no address"
    what = f"OpenAI's address will not do (it reads as {shown})"
    raise ConfigurationError(
        what,
        f"Set {wording.address} to an https:// address such as {DEFAULT_BASE_URL}; "
        f"http:// is for this machine alone (127.0.0.1).{'' if live else _THEN_RECORD}",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _organization(environ: Mapping[str, str], configured: Callable[[str], str], wording: Wording) -> str:
    live = environ.get("OPENAI_ORG_ID", "").strip()
    value = live or configured("organization")
    if value and not _HEADER_SAFE.fullmatch(value):
        what = "The organization holds a space or another character that no id has"
        raise ConfigurationError(what, f"Correct {wording.organization}: org-….{'' if live else _THEN_RECORD}")
    return value


def _parallel(text: str, wording: Wording) -> int:
    if not text:
        return Settings.parallel
    if text.isdecimal() and 1 <= int(text) <= MAX_PARALLEL:
        return int(text)
    what = f"{wording.name_of('parallel')} must be a whole number from 1 to {MAX_PARALLEL}, not {text!r}"
    raise ConfigurationError(what, wording.correction_of("parallel", Settings.parallel))


def _seconds(name: str, configured: Callable[[str], str], default: float, wording: Wording) -> float:
    text = configured(name)
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0
    if 0 < seconds < float("inf"):
        return seconds
    what = f"{wording.name_of(name)} must be a number of seconds above 0, not {text!r}"
    raise ConfigurationError(what, wording.correction_of(name, default))
