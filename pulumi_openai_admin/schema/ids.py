"""The forms of OpenAI's ids, by the names of the fields that have them. Pure.

OpenAI documents no grammar of ids. Its examples write `user-abc` and `user_abc`, and groups have ids without a prefix.
So a value is refused only if it is certainly something else: the id of another kind, an email address, an API key, or a
text with characters that no path has. If a value only has no known form, the error of OpenAI gets a hint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pulumi_openai_admin.schema.constraints import EMAIL
from pulumi_openai_admin.schema.paths import id_failure

_WITHOUT_PREFIX = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}")
"""The ids of groups, and of objects of other kinds if OpenAI makes them in the same way."""


@dataclass(eq=False, repr=False)
class IdForm:
    """The ids of one kind of object, or of several: a condition on a text, as a `Constraint` is.

    Args:
        noun: What an object is called: "project".
        shown: The form in messages: "proj_…". Empty if OpenAI documents none.
        prefixes: The prefixes without the separator after them, which is `_` or `-`.
        further: The other kinds whose ids are accepted.
    """

    noun: str
    shown: str = ""
    prefixes: tuple[str, ...] = ()
    further: tuple[IdForm, ...] = ()

    @property
    def words(self) -> str:
        """Return the condition, in words that follow "must be"."""
        return " or ".join(f"the id of {form.described}" for form in (self, *self.further))

    @property
    def described(self) -> str:
        """The kind with its form: "a project (proj_…)"."""
        article = "an" if self.noun[0] in "aeioAEIO" else "a"
        return f"{article} {self.noun} ({self.shown})" if self.shown else f"{article} {self.noun}"

    def is_met(self, value: str) -> bool:
        """Return whether a text may be such an id."""
        if has_key(value) or any(id_failure(part) for part in value.split("/")):  # ids of rate limits have slashes
            return False
        return any(form.has_prefix_of(value) for form in (self, *self.further)) or (
            form_of_id(value) is None and not EMAIL.is_met(value)
        )

    def has_prefix_of(self, value: str) -> bool:
        """Return whether an id begins like those of this kind."""
        return value.startswith(self.beginnings)

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """The prefixes with each separator."""
        return tuple(f"{prefix}{separator}" for prefix in self.prefixes for separator in "_-")


PROJECT = IdForm("project", "proj_…", ("proj", "project"))
USER = IdForm("user", "user-…", ("user",))
SERVICE_ACCOUNT = IdForm("service account", "svc_acct_…", ("svc_acct", "sa"))
USER_OR_SERVICE_ACCOUNT = IdForm(USER.noun, USER.shown, USER.prefixes, (SERVICE_ACCOUNT,))
_API_KEY = IdForm("API key", "key_…", ("key",))
_ORGANIZATION = IdForm("organization", "org-…", ("org",))
_BY_FIELD = {
    "project_id": PROJECT,
    "user_id": USER,
    # OpenAI's examples have service accounts with the ids of users, too.
    "service_account_id": IdForm(SERVICE_ACCOUNT.noun, SERVICE_ACCOUNT.shown, SERVICE_ACCOUNT.prefixes, (USER,)),
    "group_id": IdForm("group", "group_…", ("group",)),
    "role_id": IdForm("role", "role_…", ("role",)),
    "certificate_id": IdForm("certificate", "cert_…", ("cert",)),
    "api_key_id": _API_KEY,
    "admin_api_key_id": _API_KEY,
    "alert_id": IdForm("spend alert", "alert_…", ("alert",)),
    "invite_id": IdForm("invite", "invite-…", ("invite",)),
    "rate_limit_id": IdForm("rate limit", "rl-…", ("rl",)),
    # No example shows the id of an external key. It may begin like those of other keys.
    "external_key_id": IdForm("external key", prefixes=_API_KEY.prefixes),
    "external_storage_id": IdForm("external storage"),
    "webhook_endpoint_id": IdForm("webhook endpoint", "whe_…", ("whe",)),
    "workload_identity_provider_id": IdForm("workload identity provider"),
    "federation_rule_id": IdForm("federation rule"),
    "object_id": IdForm("object"),
    "tunnel_id": IdForm("tunnel", "tunnel_…", ("tunnel",)),
}


def form_of_field(name: str) -> IdForm | None:
    """The form of the ids in a field, or in a list of ids (`role_ids`); None if it has no ids of a known kind."""
    return _BY_FIELD.get(re.sub(r"_ids$", "_id", name))


def has_key(text: str) -> bool:
    """Return whether a part of an id is the value of an API key, which no message may show."""
    return any(part.startswith("sk-") for part in text.split("/"))


def form_of_id(value: str) -> IdForm | None:
    """The kind that an id belongs to by its prefix; None if that is not known."""
    return next((form for form in (*_BY_FIELD.values(), _ORGANIZATION) if form.has_prefix_of(value)), None)


def unusual_form(form: IdForm | None, value: str) -> str:
    """A sentence with the usual form of the ids of a kind, for a value without it, after a space; empty otherwise."""
    is_usual = form is None or not form.shown or form.has_prefix_of(value) or _WITHOUT_PREFIX.fullmatch(value)
    return "" if form is None or is_usual else f" Ids of {form.noun}s usually have the form {form.shown}."


def other_kind(form: IdForm | None, value: str) -> str:
    """A sentence that says of which other kind an id is, after a space; empty if it is of none that is known."""
    other = form_of_id(value)
    is_other = form is not None and other is not None and not form.is_met(value)
    return f" {value} is the id of {other.described}." if is_other and other else ""
