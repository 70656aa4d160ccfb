"""Settings, and where they come from.

The environment takes precedence over the stack's configuration, because refresh and destroy use the configuration that
the last update recorded.

| environment            | stack configuration            | default                     |
|------------------------|--------------------------------|-----------------------------|
| `OPENAI_ADMIN_KEY`     | `openai-admin:adminApiKey`     | none: required at the first request |
| `OPENAI_BASE_URL`      | `openai-admin:baseUrl`         | `https://api.openai.com/v1` |
| `OPENAI_ORG_ID`        | `openai-admin:organization`    | none: the key's organization |
| none                   | `openai-admin:maxWaitSeconds`  | 600                         |
| none                   | `openai-admin:connectTimeoutSeconds` | 10                    |
| none                   | `openai-admin:readTimeoutSeconds`    | 60                    |
| none                   | `openai-admin:parallel`        | 16                          |
| none                   | `openai-admin:previewReads`    | false                       |

A `Provider` that a program declares has its own configuration with the same keys, which takes precedence over the
environment: see `OF_PROVIDER`.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pulumi_openai_admin import remedies
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.remedies import Advice, Remedy, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMESPACE = "openai-admin"
OF_PROVIDER = f"{NAMESPACE}:provider"
"""The key of a `Provider`'s name in its configuration. A stack's configuration does not have it."""
MAX_PARALLEL = 64
DEFAULT_BASE_URL = "https://api.openai.com/v1"

_THEN_RECORD = Advice(" Then ", remedies.RUN, " to record it: refresh and destroy use the recorded value.")
_NO_KEY = Advice(
    "Set the environment variable OPENAI_ADMIN_KEY. To keep the key in the stack instead, ",
    Remedy(RemedyKind.CONFIGURE_ENCRYPTED, setting=f"{NAMESPACE}:adminApiKey"),
    ".",
)
_IN_ENVIRONMENT = "the environment variable OPENAI_ADMIN_KEY"
"""The source of a key of the environment."""
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Wording:
    """How messages name the settings: differently on the command line and in a Pulumi program."""

    max_wait: str = f"{NAMESPACE}:maxWaitSeconds"
    """Sets `max_wait_seconds`."""
    address: str = f"OPENAI_BASE_URL (or {NAMESPACE}:baseUrl)"
    """Sets `base_url`."""
    organization: str = f"OPENAI_ORG_ID (or {NAMESPACE}:organization)"
    """Sets `organization`."""
    give_up: str = " To stop at once, press Ctrl-C a second time."
    other_key: str | Advice = (
        " To use another key for this run, set OPENAI_ADMIN_KEY. It takes precedence over the stack's configuration. "
        "Refresh and destroy use the configuration that the last update recorded."
    )
    """How to use another key after the key of the configuration was refused."""
    other_key_in_environment: str = " To use another key, change OPENAI_ADMIN_KEY"
    """How to use another key after the key of the environment was refused; `resolve` ends the sentence."""
    key_in_configuration: str = f"the stack's configuration {NAMESPACE}:adminApiKey"
    """The source of a key that is not from the environment."""
    no_key: str | Advice = _NO_KEY
    provider: str = ""
    """The Provider that has the settings; empty for those of the stack."""

    def name_of(self, setting: str) -> str:
        """The name under which the user sets a setting."""
        if not self.provider:
            return f"{NAMESPACE}:{setting}"
        return f"{re.sub('[A-Z]', lambda letter: f'_{letter[0].lower()}', setting)} of {self.provider}"

    def correction_of(self, setting: str, value: str) -> Advice:
        """How to correct a setting, with an example of its value."""
        if self.provider:
            return Advice("Correct it in the program.", _THEN_RECORD)
        example = Remedy(RemedyKind.CONFIGURE, setting=f"{NAMESPACE}:{setting} {value}")
        return Advice("For example, ", example, ".", _THEN_RECORD)


@dataclass(frozen=True)
class Settings:
    """The settings of a requestor. Equal settings share one requestor."""

    admin_api_key: str = field(repr=False)
    """The Admin API key. Secret."""
    key_source: str = field(compare=False)
    """The source of the key, for messages."""
    base_url: str = DEFAULT_BASE_URL
    organization: str = ""
    max_wait_seconds: float = 600
    """The time limit of one operation in seconds, or of each step if the operation has several."""
    connect_timeout_seconds: float = 10
    """The timeout for opening a connection in seconds; the default is 10."""
    read_timeout_seconds: float = 60
    """The timeout for receiving a reply in seconds; the default is 60."""
    parallel: int = 16
    """How many resources are created, updated, read or deleted at a time (Pulumi's default is four), and how many
    requests one `ProjectRateLimits` sends at a time."""
    preview_reads: bool = field(default=False, compare=False)
    """Whether previews ask OpenAI for current values, with GET requests only; the default is false."""
    wording: Wording = field(default=Wording(), compare=False)

    @property
    def is_loopback(self) -> bool:
        """Whether the base URL is an address of this machine."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


SETTINGS = tuple(
    re.sub(r"_(\w)", lambda letter: letter[1].upper(), setting.name)
    for setting in fields(Settings)
    if setting.name not in {"key_source", "wording"}
)
"""The names of the stack's settings, without the namespace."""


def check(stack: Mapping[str, object], *, is_shared: bool = False) -> None:
    """Refuse invalid settings of a stack, even if the environment takes precedence over them now.

    Args:
        stack: The settings of the namespace, by full key.
        is_shared: Whether the namespace has settings of a Pulumi project too.

    Raises:
        ConfigurationError: A value is invalid, or a key is not a setting.
    """
    for key in stack:
        name = key.removeprefix(f"{NAMESPACE}:")
        is_ours = not is_shared or name.lower() in {setting.lower() for setting in SETTINGS}
        if name not in SETTINGS and is_ours:
            raise ConfigurationError(f"{key} is not a setting of pulumi-openai-admin", _advice_on(name))
    resolve({}, {f"{NAMESPACE}:adminApiKey": "none-is-needed-for-this", **stack}.get)


def _advice_on(name: str) -> Advice:
    """What to do about a key that is not a setting: often it is misspelled."""
    by_lower = {setting.lower(): setting for setting in SETTINGS}
    removal = Remedy(RemedyKind.REMOVE_SETTING, setting=f"{NAMESPACE}:{name}")
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    if not near:
        return Advice(removal, f". The settings are {', '.join(SETTINGS)}.")
    meant = by_lower[near[0]]
    kind = RemedyKind.CONFIGURE_ENCRYPTED if meant == "adminApiKey" else RemedyKind.CONFIGURE
    setting = f"{NAMESPACE}:{meant}"
    return Advice(f"Did you mean {setting}? Then ", Remedy(kind, setting=setting), ", and ", removal, ".")


def resolve(
    environ: Mapping[str, str], stack_config: Callable[[str], object], wording: Wording = Settings.wording
) -> Settings:
    """Read the settings; the environment takes precedence.

    Args:
        environ: The process's environment.
        stack_config: Gives the stack's value of a full key (`openai-admin:baseUrl`), None if there is none.
        wording: How messages name the settings.

    Raises:
        ConfigurationError: There is no key, or a value is invalid.
    """

    def configured(name: str) -> str:
        return _configured(stack_config, name)

    if name := stack_config(OF_PROVIDER):
        # The key and the organization in the environment belong together, and to the default provider.
        environ = {} if configured("baseUrl") else {"OPENAI_BASE_URL": environ.get("OPENAI_BASE_URL", "")}
        wording = _provider_wording(name, wording)
    key, source = _admin_key(environ, configured, wording)
    if source == _IN_ENVIRONMENT:
        wording = _wording_for_the_environment(wording, has_another=configured("adminApiKey") not in {"", key})
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
        preview_reads=_truth("previewReads", configured, wording),
        wording=wording,
    )


def reads_in_preview(stack_config: Callable[[str], object]) -> bool:
    """Whether previews ask OpenAI. Needs no key.

    Raises:
        ConfigurationError: The value is neither true nor false.
    """
    name = stack_config(OF_PROVIDER)
    wording = _provider_wording(name, Settings.wording) if name else Settings.wording
    return _truth("previewReads", lambda setting: _configured(stack_config, setting), wording)


def without_preview_reads(stack_config: Callable[[str], object]) -> Advice:
    """What to do for a preview that does not ask OpenAI."""
    if name := stack_config(OF_PROVIDER):
        return Advice(f"To preview without asking, remove preview_reads of Provider {name!r}.")
    setting = Remedy(RemedyKind.CONFIGURE, setting=f"{NAMESPACE}:previewReads false")
    return Advice("To preview without asking, ", setting, ".")


def with_preview_reads(environ: Mapping[str, str], stack_config: Callable[[str], object]) -> Advice | None:
    """A sentence on how to turn on `previewReads`. None if there is no key, or if the setting has a value.

    Args:
        environ: The process's environment.
        stack_config: Gives the stack's value of a full key, None if there is none.
    """
    if _configured(stack_config, "previewReads"):
        return None
    name = stack_config(OF_PROVIDER)
    if not (_configured(stack_config, "adminApiKey") or (not name and environ.get("OPENAI_ADMIN_KEY", "").strip())):
        return None
    if name:
        how: tuple[str | Remedy, str] = (f"set preview_reads=True of Provider {name!r}", "False")
    else:
        how = (Remedy(RemedyKind.CONFIGURE, setting=f"{NAMESPACE}:previewReads true"), "false")
    return Advice("To find wrong models and ids, ", how[0], f" (or {how[1]}, to hide this message).")


def _configured(stack_config: Callable[[str], object], name: str) -> str:
    value = stack_config(f"{NAMESPACE}:{name}")
    return "" if value is None else str(value).strip()


def _provider_wording(name: object, wording: Wording) -> Wording:
    provider = f"Provider {name!r}"
    return replace(
        wording,
        max_wait=f"max_wait_seconds of {provider}",
        address=f"base_url of {provider}",
        organization=f"organization of {provider}",
        other_key=Advice(
            f" Change admin_api_key of {provider} in the program, then ",
            remedies.RUN,
            ": refresh and destroy use the key that the last update recorded.",
        ),
        key_in_configuration=f"admin_api_key of {provider}",
        no_key=f"Set admin_api_key of {provider} in the program.",
        provider=provider,
    )


def _wording_for_the_environment(wording: Wording, *, has_another: bool) -> Wording:
    """How messages advise another key, if the key is from the environment.

    Args:
        wording: How messages name the settings.
        has_another: Whether the stack's configuration has a different key.
    """
    change = wording.other_key_in_environment
    if change:
        change += f", or unset it to use the key in {wording.key_in_configuration}." if has_another else "."
    return replace(wording, other_key=change)


def _admin_key(environ: Mapping[str, str], configured: Callable[[str], str], wording: Wording) -> tuple[str, str]:
    key, source = environ.get("OPENAI_ADMIN_KEY", "").strip(), _IN_ENVIRONMENT
    if not key:
        key, source = configured("adminApiKey"), wording.key_in_configuration
    if not key:
        raise ConfigurationError("There is no OpenAI admin key", wording.no_key)
    if not _HEADER_SAFE.fullmatch(key):
        what = f"The OpenAI admin key from {source} contains a space or another invalid character"
        recorded = _THEN_RECORD if source == wording.key_in_configuration else ""
        raise ConfigurationError(what, Advice("Copy the key again, on one line and without quotes.", recorded))
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
    shown = f"{parts.scheme}://{host}" if host else "it has no host name"
    raise ConfigurationError(
        f"Invalid base URL: {shown}",
        Advice(
            f"Set {wording.address} to an https:// URL such as {DEFAULT_BASE_URL}. "
            "http:// is accepted only for this machine (127.0.0.1).",
            "" if live else _THEN_RECORD,
        ),
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
        what = "The organization id contains a space or another invalid character"
        raise ConfigurationError(what, Advice(f"Correct {wording.organization}: org-….", "" if live else _THEN_RECORD))
    return value


def _parallel(text: str, wording: Wording) -> int:
    if not text:
        return Settings.parallel
    if text.isdecimal() and 1 <= int(text) <= MAX_PARALLEL:
        return int(text)
    what = f"{wording.name_of('parallel')} must be a whole number from 1 to {MAX_PARALLEL}, not {text!r}"
    raise ConfigurationError(what, wording.correction_of("parallel", str(Settings.parallel)))


def _seconds(name: str, configured: Callable[[str], str], default: float, wording: Wording) -> float:
    text = configured(name)
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0
    if 0 < seconds < float("inf"):
        return seconds
    what = f"{wording.name_of(name)} must be a number of seconds above 0, not {text!r}"
    raise ConfigurationError(what, wording.correction_of(name, f"{default:.0f}"))


def _truth(name: str, configured: Callable[[str], str], wording: Wording) -> bool:
    text = configured(name)
    if text.lower() not in {"", "true", "false"}:
        what = f"{wording.name_of(name)} must be true or false, not {text!r}"
        raise ConfigurationError(what, wording.correction_of(name, "true"))
    return text.lower() == "true"
