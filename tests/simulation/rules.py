"""What has to hold of every history, told by a model of the organization that knows nothing of the package.

Each rule gives its violations, each with a signature that stays the same from history to history: the rule, the kind of
the resource, and what was changed.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.lifecycle.state import has_no_response
from pulumi_openai_admin.resources import class_of, paths_of
from tests.simulation import values
from tests.simulation.hosts import plain
from tests.simulation.values import EMAILS
from tools.docs_declarations import requests_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.cloud import Cloud, Fact, Write
    from tests.simulation.engine import Engine, Operation
    from tests.simulation.hosts import Bag

RANKS = {None: 0, "viewer": 1, "reader": 1, "none": 1, "member": 2, "owner": 3}
ACCESS = {
    "user", "user_role", "project_user", "project_user_role", "group_user", "group_role", "project_group",
    "project_group_role", "invite",
}  # fmt: skip
"""Records that give access. The value of some is a role."""
BASE = {"user", "project_user"}
"""Those whose role is the base role of a person."""
MADE = {
    "service_account", "api_key", "admin_api_key", "invite", "project", "group", "role", "project_role", "certificate",
    "mcp_tunnel", "external_key", "external_storage", "organization_spend_alert", "project_spend_alert",
    "webhook_endpoint", "workload_identity_provider", "federation_rule",
}  # fmt: skip
"""What a request creates."""
KEYED = {"service_account", "api_key", "admin_api_key"}
"""What has a key."""
IMPLIED = {"project_group"}
"""Those that come and go with a role."""
_PREDEFINED = re.compile(r"role-api-(?:organization|project)-(\w+)")


@dataclass(frozen=True)
class Violation:
    """A rule that a history breaks."""

    signature: str
    detail: str


def rank(content: dict[str, Any] | None) -> int:
    """How much access a record gives; 0 if there is none."""
    return 0 if content is None else RANKS.get(content.get("role", "viewer"), 1)


def declared(kind: str, inputs: Bag, emails: dict[str, str]) -> dict[Fact, int]:
    """The access that a resource declares, with the rank of a base role; -1 if it declares none of it by itself."""

    def person(named: Bag) -> str:
        return str(named.get("user_id") or emails.get(str(named.get("email", "")).lower(), ""))

    def roles(short: str, parent: str, principal: str, *, is_user: bool) -> Iterator[tuple[Fact, int]]:
        for role in [inputs["role_id"]] if "role_id" in inputs else inputs.get("role_ids") or []:
            found = _PREDEFINED.fullmatch(str(role))
            base = "project_user" if short == "project_user_role" else "user"
            if found and is_user:
                yield (base, parent, principal), RANKS.get(found[1], 1)
            else:
                yield (short, f"{parent}/{principal}".lstrip("/"), str(role)), 1
                if short == "project_user_role":
                    yield ("project_user", parent, principal), -1
        if short == "project_group_role":
            yield ("project_group", parent, principal), -1

    project, group = str(inputs.get("project_id", "")), str(inputs.get("group_id", ""))
    match kind:
        case "ProjectUser":
            return {("project_user", project, person(inputs)): RANKS.get(inputs["role"], 1)}
        case "ProjectMembers":
            members = inputs["members"] or []
            return {("project_user", project, person(one)): RANKS.get(one["role"], 1) for one in members}
        case "ProjectUserRole" | "ProjectUserRoles":
            return dict(roles("project_user_role", project, person(inputs), is_user=True))
        case "UserRole" | "UserRoles":
            return dict(roles("user_role", "", person(inputs), is_user=True))
        case "GroupRole" | "GroupRoles":
            return dict(roles("group_role", "", group, is_user=False))
        case "ProjectGroupRole" | "ProjectGroupRoles":
            return dict(roles("project_group_role", project, group, is_user=False))
        case "ProjectGroup":
            role: Fact = ("project_group_role", f"{project}/{group}", f"role-api-project-{inputs['role']}")
            return {("project_group", project, group): -1, role: 1}
        case "GroupUser":
            return {("group_user", group, person(inputs)): 1}
        case "GroupMembers":
            return {("group_user", group, str(user)): 1 for user in inputs.get("user_ids") or []}
        case "OrganizationUser":
            return {("user", "", person(inputs)): RANKS.get(inputs.get("role"), -1)}
        case "OrganizationMember" | "Invite":
            who = person(inputs)
            found = {("user", "", who): RANKS.get(inputs.get("role"), -1)} if who and kind != "Invite" else {}
            for one in inputs.get("projects") or []:
                found["project_user", str(one["project_id"]), who] = RANKS.get(one["role"], 1)
            found["invite", "", str(inputs["email"]).lower()] = 1
            return found
    return {}


@dataclass
class Trace:
    """A history that has run."""

    cloud: Cloud
    engine: Engine
    begins_end: int = 0
    """The number of the first operation after the history: without faults."""
    unclean: list[Violation] = field(default_factory=list)
    snapshots: list[tuple[int, str]] = field(default_factory=list)
    """After each operation, how many writes there were, and the state as text."""
    managed: list[list[tuple[str, Bag]]] = field(default_factory=list)
    """After each operation, the kinds and inputs of the resources in the state."""

    @cached_property
    def addresses(self) -> dict[str, str]:
        """The addresses of users by id: of all who ever were in the organization."""
        users = (write for write in self.cloud.writes if write.fact[0] == "user")
        joined = {write.fact[2]: str(write.after["email"]) for write in users if write.after is not None}
        return {**{id_: email for email, id_ in EMAILS.items()}, **joined}

    @cached_property
    def selections(self) -> list[dict[str, str]]:
        """Whom an address selects: one id in each of these, since who comes back has another id."""
        found: list[dict[str, str]] = []
        for id_, email in self.addresses.items():
            ids = next((ids for ids in found if email not in ids), None)
            if ids is None:
                found.append(ids := {})
            ids[email] = id_
        return found

    def access(self, resources: list[tuple[str, Bag]]) -> dict[Fact, tuple[str, int, Bag]]:
        """What resources declare of access: the kind of the resource, the rank, and the inputs."""
        facts: dict[Fact, tuple[str, int, Bag]] = {}
        for (kind, inputs), emails in product(resources, self.selections):
            try:
                for fact, value in declared(kind, inputs, emails).items():
                    if value >= facts.get(fact, ("", -1, {}))[1]:
                        facts[fact] = kind, value, inputs
            except (KeyError, TypeError):  # not all of it is known
                continue
        return facts

    @cached_property
    def declarations(self) -> list[dict[Fact, tuple[str, int, Bag]]]:
        """By operation, what the program declared of access."""
        return [self.access(operation.declared) for operation in self.engine.operations]

    @cached_property
    def applied(self) -> list[dict[Fact, tuple[str, int, Bag]]]:
        """See `declarations`; nothing of a preview."""
        operations = zip(self.engine.operations, self.declarations, strict=True)
        return [{} if operation.name == "preview" else facts for operation, facts in operations]

    @cached_property
    def ever(self) -> dict[Fact, tuple[str, int, Bag]]:
        """All access that was declared, and that the stack managed or changed."""
        wrote = {write.fact for write in self.cloud.writes if write.is_ours}
        changed = {fact: value for facts in self.declarations for fact, value in facts.items() if fact in wrote}
        found = [
            (kind, inputs)
            for resources in self.managed
            for kind, inputs in resources
            if not inputs.get("exclusive")  # a refresh adds whom the program does not name
        ]
        return {**changed, **self.access(found)}

    @cached_property
    def interrupted(self) -> set[Fact]:
        """What an interrupted step wrote last, and no state has had since: the engine itself says that it may exist."""
        operations = self.engine.operations
        last: dict[Fact, int | None] = {}
        for write in self.cloud.writes:
            if write.is_ours:
                last[write.fact] = write.step.operation if write.step else None
        crashed = max((number for number, operation in enumerate(operations) if operation.is_crashed), default=None)
        kept: set[Fact] = set()
        for fact, number in last.items():
            by = crashed if number is None else number  # None: a late request
            if number is None and crashed is not None:
                kept.add(fact)  # nobody knows of the request
            elif by is not None and operations[by].is_crashed:
                is_known = any(self.access(found).get(fact, ("", -1))[1] > 0 for found in self.managed[by:])
                kept |= set() if is_known else {fact}
        return kept

    @cached_property
    def without(self) -> dict[Fact, dict[str, Any] | None]:
        """What there would be without the program: the start, and what others did."""
        found: dict[Fact, dict[str, Any] | None] = dict(self.cloud.at_start)
        for write in self.cloud.writes:
            if write.is_ours:
                continue
            if write.after is None or found.get(write.fact) is None:
                found[write.fact] = write.after
            else:
                before = write.before or {}
                changed = {name: value for name, value in write.after.items() if before.get(name) != value}
                found[write.fact] = {**(found[write.fact] or {}), **changed}
        return found

    @cached_property
    def others(self) -> set[Fact]:
        """What others have changed."""
        return {write.fact for write in self.cloud.writes if not write.is_ours}

    def says(self, fact: Fact, level: int, *, since: int = 0, word: str = "") -> bool:
        """Whether a message that fits a pattern names who has an access, or what exists."""
        ids = {fact[2], *(part for part in fact[1].split("/") if part.startswith(("user", "group")))}
        ids |= {email for id_, email in self.addresses.items() if id_ in ids}
        content = self.cloud.facts.get(fact) or {}
        ids |= {str(content[name]) for name in ("email", "name", "role_name") if content.get(name)}
        messages = (message for message in self.engine.messages if message.operation >= since)
        texts = [message.text for message in messages if message.level >= level and re.search(word, message.text)]
        return any(id_.lower() in text.lower() for text in texts for id_ in ids)

    def declares_end(self, write: Write) -> bool:
        """Return whether the program set an end for the person whose invite a request withdrew."""
        email = str((write.before or {}).get("email", "")).lower()
        declared = (inputs for operation in self.engine.operations for _, inputs in operation.declared)
        return any(str(one.get("email", "")).lower() == email and one.get("until") for one in declared)

    def is_active(self, fact: Fact) -> bool:
        """Whether a record is in a project that is not archived, and a key is still valid."""
        content = self.cloud.facts.get(fact) or {}
        projects = [self.cloud.facts.get(("project", "", id_)) for id_ in _places(fact, content)]
        if any(project and project.get("archived_at") for project in projects):
            return False
        expires = content.get("expires_at")
        is_over = content.get("status") == "expired" or content.get("accepted_at")
        return not (expires and expires <= self.cloud.time.now()) and not is_over


def _places(fact: Fact, content: dict[str, Any] | None) -> list[str]:
    """The ids of which one may be of the project that a record is in."""
    return [*fact[1].split("/"), fact[2], str((content or {}).get("project_id", ""))]


def _kind_of(write: Write) -> str:
    return f"{write.step.kind}.{write.step.verb}" if write.step else "late"


def violations(trace: Trace) -> list[Violation]:
    """All violations of a history, each signature once."""
    found = [*trace.unclean]
    for rule in RULES:
        found += rule(trace)
    return list({violation.signature: violation for violation in found}.values())


@cache
def _documented(kind: str) -> set[tuple[str, str]]:
    return requests_of(class_of(kind))


def undocumented_requests(trace: Trace) -> Iterator[Violation]:
    """The page of a resource lists the requests that it sends, unless the program names the path."""
    for kind, method, path in sorted(trace.cloud.sent):
        if (method, path) not in _documented(kind) and any(paths_of(class_of(kind).handler)):
            yield Violation(
                f"undocumented request: {kind} {method} {path}", "Name it in the docstring of the resource."
            )


def removal_grants(trace: Trace) -> Iterator[Violation]:
    """A deletion raises nobody's access (rule 2)."""
    for write in trace.cloud.writes:
        is_removal = write.is_ours and write.step and write.step.verb in ("delete", "read")
        if is_removal and write.fact[0] in ACCESS and rank(write.after) > rank(write.before):
            yield Violation(f"removal grants: {_kind_of(write)} {write.fact[0]}", f"{write}")


def base_roles(trace: Trace) -> Iterator[Violation]:
    """The base role of a person who stays is never deleted, unless the person had none without the program (rule 2)."""
    made: set[tuple[str, ...]] = set()  # memberships that the program made, after it had removed those of others
    for write in trace.cloud.writes:
        if not write.before and write.after:
            (made.add if write.is_ours else made.discard)(write.fact)
        if write.is_ours and write.fact[0] in BASE and write.before and write.after:
            had_role = write.fact not in made and (trace.without.get(write.fact) or {}).get("role") is not None
            # What others gave between two requests of a step nobody knows.
            between = (other for other in trace.cloud.writes if other.is_meanwhile)
            had_role = had_role and write.fact not in {other.fact for other in between}
            if had_role and write.before["role"] is not None and write.after["role"] is None:
                yield Violation(f"base role deleted: {_kind_of(write)} {write.fact[0]}", f"{write}")


def grants_undeclared(trace: Trace) -> Iterator[Violation]:
    """Nobody gets access that the program does not declare now."""
    for write in trace.cloud.writes:
        step = write.step
        if not write.is_ours or step is None or write.fact[0] not in ACCESS - IMPLIED - {"invite"}:
            continue
        declaring = [found for found in trace.engine.operations[step.operation].declared
                     if write.fact in trace.access([found])]  # fmt: skip
        if len(declaring) > 1:
            continue  # two resources declare it with different roles: this update or the next one fails
        if step.verb in ("create", "update") and rank(write.after) > rank(write.before):
            now = trace.declarations[step.operation].get(write.fact)
            if now is None or (write.fact[0] in BASE and 0 < now[1] < rank(write.after)):
                yield Violation(f"grants undeclared: {_kind_of(write)} {write.fact[0]}", f"{write}")


def unannounced(trace: Trace) -> Iterator[Violation]:
    """The update says of access that others gave, and the program declares first, that it is the program's (rule 1)."""
    seen: set[Fact] = set()
    for number, operation in enumerate(trace.engine.operations):
        there = {fact for fact, content in _at(trace, operation.begins).items() if rank(content)}
        ours = {write.fact for write in trace.cloud.writes[: operation.begins] if write.is_ours}
        for fact, (kind, value, _) in trace.declarations[number].items():
            is_role = fact[0] == "project_user" and kind.endswith(("Role", "Roles"))
            is_role = is_role or any(  # OpenAI does not show whether an inherited role is assigned directly, too
                other[2] == fact[2]
                for other in {*there, *trace.declarations[number]}
                if other[0].startswith(("group_role", "project_group_role"))
            )
            is_first = fact not in seen and fact in there - ours and value > 0 and fact[0] != "user" and not is_role
            done = any(verb == "create" and what.split()[0] == kind for verb, what in operation.steps)
            is_excused = operation.errors or operation.has_lag or operation.is_crashed
            is_clean = operation.name == "up" and not is_excused
            if is_first and done and is_clean and not trace.says(fact, logging.WARNING, since=number):
                yield Violation(f"unannounced: {kind} {fact[0]}", f"{fact}")
            if operation.name in ("up", "import"):
                seen.add(fact)


def _at(trace: Trace, count: int) -> dict[Fact, dict[str, Any] | None]:
    """The records after so many writes."""
    found: dict[Fact, dict[str, Any] | None] = dict(trace.cloud.at_start)
    for write in trace.cloud.writes[:count]:
        found[write.fact] = write.after
    return found


def touches_others(trace: Trace) -> Iterator[Violation]:
    """What others granted, and the program never declared, stays (an exclusive set names whom it removes)."""
    granted = dict.fromkeys(trace.cloud.at_start, True)
    ours = [write for write in trace.cloud.writes if write.is_ours]
    for write in trace.cloud.writes:
        kind, step = write.fact[0], write.step
        is_loss = rank(write.after) < rank(write.before)
        if (
            write.is_ours
            and step
            and step.kind in values.ACCESS
            and kind in ACCESS
            and is_loss
            and granted.get(write.fact)
        ):
            so_far = {fact for facts in trace.declarations[: step.operation + 1] for fact in facts}
            is_cascade = kind != "project_group_role" and write.named and write.named not in (
                write.fact[2], *write.fact[1].split("/")[-1:]
            )  # fmt: skip
            is_part = kind in ("project_user_role", "user_role") and (
                ("project_user", *write.fact[1].split("/")) in so_far or ("user", "", write.fact[1]) in so_far
            )
            user = next((part for part in [*write.fact[1].split("/"), write.fact[2]] if part.startswith("user-")), "")
            of_user = (other for other in ours if other.fact == ("user", "", user))
            has_left = any(other.step == step and not other.after for other in of_user)
            ends_person = kind == "invite" and step.kind == "OrganizationMember" and trace.declares_end(write)
            if ends_person:
                continue  # the end of a person's time withdraws all invites
            if (
                write.fact not in so_far
                and not has_left
                and not is_cascade
                and not is_part
                and not _is_announced(trace, write)
            ):
                yield Violation(f"touches others: {_kind_of(write)} {kind}", f"{write}")
        if write.before is None:
            granted[write.fact] = not write.is_ours


def removes_others_keys(trace: Trace) -> Iterator[Violation]:
    """A key or an account of another client is removed only by a message, and never beside one that is ours."""
    made = {write.fact: write for write in trace.cloud.writes if write.before is None}
    for number, write in enumerate(trace.cloud.writes):
        is_ours = write.fact not in trace.cloud.at_start and made[write.fact].is_ours
        if not write.is_ours or write.after is not None or write.fact[0] not in KEYED or is_ours:
            continue
        is_imported = any(write.fact[2] in entry.id.split("/") for entry in trace.engine.entries)
        if write.named != write.fact[2] or is_imported or _is_taken(trace, write.fact[2]):
            continue  # it ended with its account or its project, or a warning said that it may be of another client
        there = _at(trace, trace.engine.operations[write.step.operation].begins if write.step else number)
        lost = [
            fact
            for fact, other in made.items()
            if other.is_ours and fact[:2] == write.fact[:2] and there.get(fact) and fact not in trace.cloud.delivered
            and fact[2] not in trace.snapshots[write.step.operation - 1 if write.step else -1][1]
            and (other.after or {}).get("name") == (write.before or {}).get("name")
        ]  # fmt: skip
        if lost or not trace.says(write.fact, logging.WARNING):
            yield Violation(f"removes another's: {_kind_of(write)} {write.fact[0]}", f"{write} beside {lost}")


def _is_taken(trace: Trace, id_: str) -> bool:
    """Return whether a warning says that an object was taken for the result of a lost request."""
    told = "If another client created it"
    return any(told in message.text and id_ in message.text for message in trace.engine.messages)


def _is_announced(trace: Trace, write: Write) -> bool:
    """Whether a message named who was removed from an exclusive set."""
    assert write.step
    declared = trace.engine.operations[write.step.operation].declared
    inputs = [inputs for kind, inputs in declared if kind == write.step.kind]
    is_exclusive = any(one.get("exclusive") is not False for one in inputs) or write.step.verb == "delete"
    return is_exclusive and trace.says(write.fact, logging.INFO)


def leaves(trace: Trace) -> Iterator[Violation]:
    """Nobody leaves the organization unless the program said so of this person (`remove_on_destroy`)."""
    for write in trace.cloud.writes:
        if write.is_ours and write.fact[0] == "user" and write.after is None:
            named = [
                inputs
                for operation in trace.engine.operations
                for kind, inputs in operation.declared
                if kind in ("OrganizationUser", "OrganizationMember")
                and (inputs.get("remove_on_destroy") or (inputs.get("until") and _leaves_in_time(inputs)))
                and (
                    write.fact[2] == inputs.get("user_id")
                    or trace.addresses.get(write.fact[2]) == str(inputs.get("email", "")).lower()
                )
            ]
            if not named:
                yield Violation(f"leaves the organization: {_kind_of(write)}", f"{write}")


def _leaves_in_time(inputs: Bag) -> bool:
    """Return whether a person leaves the organization after the time of `until`."""
    return inputs.get("remove_after_until") is not False


def _members(resources: list[tuple[str, Bag]]) -> dict[str, Bag]:
    """The inputs of the resources `OrganizationMember`, by address."""
    return {str(inputs["email"]).lower(): inputs for kind, inputs in resources if kind == "OrganizationMember"}


def _person(trace: Trace, fact: Fact, content: dict[str, Any] | None) -> str:
    """The address of the person that a record is about."""
    ids = (part for part in (*fact[1].split("/"), fact[2]) if part in trace.addresses)
    return next((trace.addresses[id_] for id_ in ids), str((content or {}).get("email", "")).lower())


def another_person(trace: Trace) -> Iterator[Violation]:
    """A resource of one person changes nothing of others."""
    for write in trace.cloud.writes:
        is_about = write.fact[0] in ACCESS and write.is_ours and write.step
        if is_about and write.step.kind == "OrganizationMember":
            number = write.step.operation
            managed = trace.managed[number - 1] if number else []
            named = _members([*managed, *trace.engine.operations[number].declared])
            if _person(trace, write.fact, write.after or write.before) not in named:
                yield Violation(f"another person: {_kind_of(write)} {write.fact[0]}", f"{write}")


def until_is_kept(trace: Trace) -> Iterator[Violation]:
    """After an update, whose time is over is not there, however the person came. Before the time, nobody leaves.

    Who comes back after the access has ended is not managed.
    """
    user: Fact = ("user", "", "")
    ended: set[tuple[str, float]] = set()
    for number, operation in enumerate(trace.engine.operations):
        count, managed = trace.snapshots[number][0], _members(trace.managed[number])
        there = _who_is_there(trace, count, operation.ended_at)
        before = _members(trace.managed[number - 1]) if number else {}
        removed = {email: inputs for email, inputs in before.items() if email not in managed}
        is_excused = operation.errors or operation.is_crashed or operation.is_partial
        is_done = operation.name in ("up", "destroy") and not is_excused
        for email, inputs in {**removed, **_members(operation.declared)}.items():
            ends, where = _ends_at(user, inputs), f"{operation.name} {number} {inputs}"
            if not is_done or _is_elsewhere(trace, number, email):
                continue
            stays = [fact for fact in there.get(email, ()) if not _is_new(trace, number, fact)]
            if ends <= operation.began_at and (email, ends) not in ended:
                stays = stays if _leaves_in_time(inputs) else _projects_that_stay(trace, number, inputs)
                yield from (Violation(f"until: {fact[0]} stays", f"{where} {fact}") for fact in stays)
            elif email in removed and inputs.get("remove_on_destroy") and ends > operation.ended_at:
                users = (fact for fact in stays if fact[0] == "user")
                yield from (Violation("remove_on_destroy: user stays", f"{where} {fact}") for fact in users)
            elif email not in removed and ends > operation.ended_at and not there.get(email):
                was_there = _who_is_there(trace, operation.begins, operation.began_at).get(email)
                others = [write for write in trace.cloud.writes[operation.begins : count] if not write.is_ours]
                if was_there and email not in {_person(trace, write.fact, write.before) for write in others}:
                    yield Violation("until: nobody is there before", f"{where} {was_there}")
        for email, inputs in managed.items():
            ends, is_kept = _ends_at(user, inputs), operation.name == "up" and is_done
            found = [fact for fact in there.get(email, ()) if not _is_new(trace, number, fact)]
            is_gone = operation.name in ("up", "refresh") and not found
            if ends <= operation.ended_at and (is_gone or is_kept):
                ended.add((email, ends))


def _who_is_there(trace: Trace, count: int, now: float) -> dict[str, list[Fact]]:
    """After so many writes, who is a user or can accept an invite, by address."""
    found: dict[str, list[Fact]] = {}
    for fact, content in _at(trace, count).items():
        is_open = fact[0] == "invite" and content and not content["accepted_at"] and content["expires_at"] > now
        if content and (fact[0] == "user" or is_open):
            found.setdefault(str(content["email"]).lower(), []).append(fact)
    return found


def _is_elsewhere(trace: Trace, number: int, email: str) -> bool:
    """Return whether another resource of the program declares the person or the invite, or a resource is retained."""
    declared = trace.engine.operations[number].declared
    others = trace.access([found for found in declared if found[0] in ("OrganizationUser", "Invite")])
    return email in _members([(entry.kind, entry.inputs) for entry in trace.engine.retained]) or any(
        email in (fact[2], trace.addresses.get(fact[2])) for fact in others if fact[0] in ("user", "invite")
    )


def _projects_that_stay(trace: Trace, number: int, inputs: Bag) -> list[Fact]:
    """What a person who stays in the organization has in the projects of a resource after an operation."""
    declared = trace.engine.operations[number].declared
    others = trace.access([found for found in declared if found[0] != "OrganizationMember"])
    there = _at(trace, trace.snapshots[number][0])
    facts = (fact for fact in trace.access([("OrganizationMember", inputs)]) if fact[0] == "project_user")
    with_role = (fact for fact in facts if fact not in others and (there.get(fact) or {}).get("role"))
    return [fact for fact in with_role if not _is_new(trace, number, fact)]


def _is_new(trace: Trace, number: int, fact: Fact) -> bool:
    """Return whether others made a record during an operation, or no list and no state showed its id."""
    operation, count = trace.engine.operations[number], trace.snapshots[number][0]
    by_others = {write.fact for write in trace.cloud.writes[operation.begins : count]
                 if not write.is_ours and rank(write.after) > rank(write.before)}  # fmt: skip
    is_known = number and fact[2] in trace.snapshots[number - 1][1]
    return fact in by_others or bool(operation.has_lag and not is_known)


def _is_left_on_purpose(trace: Trace, fact: Fact) -> bool:
    """Whether the program said that a resource stays, or the state still has it."""
    kept = [*trace.engine.retained, *trace.engine.entries]
    if fact in trace.interrupted:
        return True
    if fact in trace.access([(entry.kind, plain(entry.kind, entry.inputs)) for entry in kept]):
        return True
    text = json.dumps([[entry.id, entry.outputs] for entry in kept if entry.is_half_done or fact[0] not in ACCESS])
    before = [resource for found in trace.managed for resource in found]
    was_retained = any(
        fact in trace.access([resource])
        for entry in trace.engine.retained
        for resource in before
        if resource[0] == entry.kind and _same_parents(resource[1], plain(entry.kind, entry.inputs))
    )
    return fact[2] in text or was_retained


def _same_parents(inputs: Bag, others: Bag) -> bool:
    return all(inputs.get(name) == others.get(name) for name in ("project_id", "group_id", "user_id"))


def ended_stays(trace: Trace) -> Iterator[Violation]:
    """Access that the program declared, and no longer does, is gone at the end (rules 1 and 3)."""
    for fact, (kind, value, inputs) in trace.ever.items():
        if fact[0] in ("user", "invite") or value < 0 or not rank(trace.cloud.facts.get(fact)):
            continue
        if fact[0] == "project_user" and kind in ("ProjectUserRole", "ProjectUserRoles"):
            continue  # a base role is never deleted
        if _was_given_again(trace, fact) or _is_left_on_purpose(trace, fact) or not trace.is_active(fact):
            continue
        is_moved = fact[0] in BASE and trace.says(fact, logging.WARNING)  # to a kind that keeps the base role
        if not is_moved and not trace.says(fact, logging.ERROR, since=trace.begins_end):
            was = "existed before" if trace.without.get(fact) is not None else "granted by us"
            yield Violation(f"ended stays: {kind} {fact[0]} ({was})", f"{fact} {inputs}")
    for fact, content in trace.cloud.facts.items():
        if fact[0] != "user" or fact not in trace.ever:
            continue
        last = [(kind, inputs) for facts in trace.applied if fact in facts for kind, _, inputs in [facts[fact]]]
        # A creation that was interrupted is not in the state.
        is_managed = any(inputs.get("remove_on_destroy") for found in trace.managed
                         for name, _, inputs in [trace.access(found).get(fact, ("", 0, {}))] if name)  # fmt: skip
        is_to_leave = last and last[-1][1].get("remove_on_destroy") and is_managed
        is_over = last and _ends_at(fact, last[-1][1]) <= trace.cloud.time.now()  # see `until_is_kept`
        has_lag = any(operation.has_lag for operation in trace.engine.operations)
        is_unknown = has_lag and not any(fact[2] in text for _, text in trace.snapshots)  # who has come back
        is_to_leave = is_to_leave and not (is_over or is_unknown or _is_left_on_purpose(trace, fact))
        is_told = trace.says(fact, logging.ERROR, since=trace.begins_end)
        if is_to_leave and not is_told and not _was_given_again(trace, fact):
            yield Violation(f"ended stays: {last[-1][0]} user (remove_on_destroy)", f"{fact} {content}")


def as_declared(trace: Trace) -> Iterator[Violation]:
    """After an update, what is declared is there, and what is over is not, unless others changed it."""
    for number, operation in enumerate(trace.engine.operations):
        is_excused = operation.errors or operation.has_lag or operation.is_crashed or operation.is_partial
        if operation.name != "up" or is_excused:
            continue
        count = trace.snapshots[number][0]
        there, writes = _at(trace, count), trace.cloud.writes[:count]
        changed = {part for write in writes if not write.is_ours for part in (*write.fact[1].split("/"), write.fact[2])}
        for fact, (kind, value, inputs) in trace.declarations[number].items():
            if fact[0] in ("user", "invite") or value < 0 or changed & {*fact[1].split("/"), fact[2]} or not fact[2]:
                continue
            is_implied = fact in there and (there[fact] or {"role": ""}).get("role", "") is None  # by an assigned role
            ids = (*fact[1].split("/"), fact[2])
            has_joined = any(("user", "", it) in there for it in ids) or not any(it.startswith("user-") for it in ids)
            if is_implied or not has_joined or _is_explained(trace, fact, number, writes):
                continue
            if fact[0] in BASE and kind.endswith(("Role", "Roles")) and inputs.get("until"):
                continue  # a base role stays when it ends
            is_over = _ends_at(fact, inputs) <= operation.began_at
            if is_over and rank(there.get(fact)) and fact[0] != "project_user":
                yield Violation(f"over and there: {kind} {fact[0]}", f"{operation.name} {number} {fact}")
            if not is_over and _ends_at(fact, inputs) > trace.cloud.time.now() and rank(there.get(fact)) < value:
                yield Violation(f"declared and missing: {kind} {fact[0]}", f"{operation.name} {number} {fact}")


def _is_explained(trace: Trace, fact: Fact, number: int, writes: list[Write]) -> bool:
    """Return whether a message names an access that is missing, or an earlier fault is the reason."""
    ours = [write for write in writes if write.is_ours and write.fact == fact]
    is_late = any(write.step is None for write in ours)  # it acted after an update that has ended
    last = ours[-1].step if ours else None
    is_crashed = last is not None and trace.engine.operations[last.operation].is_crashed
    # A Delete that fails, that ends a run halfway, or that is the only one, changes no other state: a refresh finds
    # what it removed.
    is_removed_in_part = (
        last is not None
        and last.verb == "delete"
        and bool(trace.engine.operations[last.operation].errors or trace.engine.operations[last.operation].is_partial)
        and all(operation.name != "refresh" for operation in trace.engine.operations[last.operation : number])
    )
    has_left = any(write.fact == ("user", "", part) for write in writes if write.is_ours and write.after is None
                   for part in (*fact[1].split("/"), fact[2]))  # fmt: skip
    is_implied = (
        fact[0] == "project_user"
        and (trace.without.get(fact) or {"role": None}).get("role") is None
        and any(write.fact == fact and write.before and write.before.get("role") is None for write in writes)
    )  # the user was in the project by an assigned role only
    return (
        is_late
        or is_crashed
        or is_removed_in_part
        or has_left
        or is_implied
        or trace.says(fact, logging.WARNING, since=number - 2, word="^(?!.*this resource now manages)")
        or (
            trace.says(fact, logging.WARNING)
            and any("has lost the role" in message.text for message in trace.engine.messages)
        )
    )


def _ends_at(fact: Fact, inputs: Bag) -> float:
    """When the program ends an access."""
    until = inputs.get("until") or []
    ids = {*fact[1].split("/"), fact[2]}
    if isinstance(until, list):
        named = [
            one["ends_at"]
            for one in until
            if ids & {one.get("user_id"), one.get("role_id"), EMAILS.get(one.get("email"))}
        ]
        until = named[0] if named else None
    return datetime.fromisoformat(until).timestamp() if until else float("inf")


def _was_given_again(trace: Trace, fact: Fact) -> bool:
    """Whether others granted an access after the program had ended it."""
    given = [
        number
        for number, write in enumerate(trace.cloud.writes)
        if write.fact == fact and not write.is_ours and rank(write.before) < rank(write.after)
    ]
    if not given:
        return False
    ended, over = -1, set[float]()
    for number, (operation, found) in enumerate(zip(trace.engine.operations, trace.managed, strict=True)):
        if declaring := trace.access(found).get(fact):
            ends, there = _ends_at(fact, declaring[2]), _at(trace, trace.snapshots[number][0])
            if operation.name == "up" and ends <= operation.began_at and not rank(there.get(fact)):
                over.add(ends)  # it is no longer managed, although the state has it
            ended = ended if ends in over else number
    # The next operation ended it: what others gave before that has ended, too.
    began, done = (trace.snapshots[min(number, len(trace.snapshots) - 1)][0] for number in (ended, ended + 1))
    return given[-1] >= done or (given[-1] >= began and trace.cloud.writes[given[-1]].is_meanwhile)


def more_access(trace: Trace) -> Iterator[Violation]:
    """Nobody ends with more access than without the program, or a warning says it of a base role (rules 1 to 3)."""
    for fact, content in trace.cloud.facts.items():
        if fact[0] not in ACCESS - IMPLIED - {"invite"} or rank(content) <= rank(trace.without.get(fact)):
            continue
        if fact in trace.ever and fact[0] not in BASE:
            continue  # `ended_stays` is about it
        if not trace.is_active(fact) or _is_left_on_purpose(trace, fact):
            continue
        if fact[0] == "user" and (content or {}).get("role") == "reader":
            continue  # everybody in the organization is a reader at least
        ours = [write for write in trace.cloud.writes if write.is_ours and write.fact == fact]
        if any(write.step and trace.engine.operations[write.step.operation].is_crashed for write in ours):
            continue  # no state knows what the killed update found
        if not ours or _parents_made(trace, fact) or (fact[0] == "user" and trace.without.get(fact) is None):
            continue
        if fact[0] in BASE:
            is_said = trace.says(fact, logging.WARNING, word="role")
        else:
            is_said = trace.says(fact, logging.ERROR, since=trace.begins_end)
        if not is_said:
            yield Violation(f"more access: {_kind_of(ours[-1])} {fact[0]}", f"{fact} {content} {ours[-1]}")


def _parents_made(trace: Trace, fact: Fact) -> bool:
    """Whether an access is to something that the program made: that rule is about the object."""
    return any((kind, "", part) not in trace.without for part in fact[1].split("/") for kind in ("project", "group")
               if part.startswith((kind[:4],)))  # fmt: skip


def unknown_objects(trace: Trace) -> Iterator[Violation]:
    """What a request of the stack made is in the state, in a message, or gone (rules 4 and 5)."""
    crashed = {number for number, operation in enumerate(trace.engine.operations) if operation.is_crashed}
    is_blind = any(operation.is_blind for operation in trace.engine.operations)
    text = "\n".join(message.text for message in trace.engine.messages)
    retained = json.dumps([[entry.id, entry.outputs] for entry in trace.engine.retained])
    without_response = {entry.kind for entry in trace.engine.retained if has_no_response(entry.id)}
    made = [write for write in trace.cloud.writes if write.is_ours and write.before is None and write.fact[0] in MADE]
    for write in made:
        fact, id_ = write.fact, write.fact[2]
        if write.step is None and (crashed or trace.engine.retained):
            continue  # a late request of an interrupted operation, or of a resource that the program retains
        if write.step and write.step.kind in without_response and fact not in trace.cloud.delivered:
            continue  # the engine never asks to delete what the program retains
        account = str((write.after or {}).get("service_account_id"))  # who names an account, names its first key
        if (write.step and write.step.operation in crashed) or id_ in retained or id_ in text or account in text:
            continue
        is_there = fact in trace.cloud.facts and trace.is_active(fact)
        alike = (account, *(other[2] for other in trace.others if other[1] == fact[1]))
        if write.step is None and any(_is_taken(trace, other) for other in alike):
            continue  # another client made the same object in the same seconds: the warning says what to do
        if fact in trace.cloud.delivered and write.step:
            lost = _lost_at(trace, write)
            if lost:
                yield Violation(f"unknown object: {_kind_of(write)} {fact[0]} after {lost}", f"{write}")
        elif is_there and not is_blind and not trace.says(fact, logging.WARNING, since=trace.begins_end):
            yield Violation(f"lost object: {fact[0]}", f"{write}")


def _lost_at(trace: Trace, write: Write) -> str:
    """The operation after which an object exists and is not in the state; empty if there is none."""
    assert write.step
    ends = next((number for number, other in enumerate(trace.cloud.writes) if _ends(other, write)), 10**9)
    for operation, (count, text) in enumerate(trace.snapshots):
        if operation >= write.step.operation and count <= ends and write.fact[2] not in text:
            return trace.engine.operations[operation].name if trace.is_active(write.fact) or ends < 10**9 else ""
    return ""


def _ends(other: Write, made: Write) -> bool:
    """Whether a write ends what another made: its deletion, or the archiving of its project."""
    is_project = other.fact[0] == "project" and other.fact[2] in _places(made.fact, made.after)
    archives = is_project and bool((other.after or {}).get("archived_at"))
    is_own = other.fact == made.fact and bool((other.after or {}).get("archived_at"))
    return archives or is_own or (other.fact == made.fact and other.after is None)


def settings_changed(trace: Trace) -> Iterator[Violation]:
    """Settings are what they were, or what others made of them since."""
    for fact in {**trace.without, **trace.cloud.facts}:
        if fact[0] in ACCESS | MADE or fact[0] == "organization":
            continue
        ours = [write for write in trace.cloud.writes if write.is_ours and write.fact == fact]
        if not ours or not trace.is_active(fact) or (fact[1] and _parents_made(trace, fact)):
            continue
        operations = trace.engine.operations
        is_unknown = any(
            operations[write.step.operation].is_crashed if write.step else any(one.is_crashed for one in operations)
            for write in ours
        )
        if fact[0] == "project_certificate":  # a list alone shows whether it is active
            is_unknown = is_unknown or any(operation.has_lag for operation in trace.engine.operations)
        if is_unknown or fact in trace.others:
            continue
        now, wanted = map(_shown, trace.cloud.shown(fact))
        kinds = {write.step.kind for write in ours if write.step}
        kept = [*trace.engine.entries, *trace.engine.retained]
        is_kept = any(entry.kind in kinds or not kinds for entry in kept)  # without a step: a late request alone
        told = any(
            message.level >= logging.WARNING and not re.search("changed outside Pulumi|^Waiting ", message.text)
            for message in trace.engine.messages
            if _kind(message.urn) in kinds
        )
        if now != wanted and not is_kept and not told:
            yield Violation(f"setting changed: {_kind_of(ours[-1])} {fact[0]}", f"{fact} {now} {wanted}")


def _kind(urn: str) -> str:
    return urn.split("::")[2].rpartition(":")[2] if urn else ""


def _shown(content: dict[str, Any] | None) -> dict[str, Any]:
    values = {name: value for name, value in (content or {}).items() if not re.search("_at$|^updated|^created", name)}
    return {name: value for name, value in values.items() if value not in (None, {}, [])}


def bugs(trace: Trace) -> Iterator[Violation]:
    """No exception but the package's."""
    for operation in trace.engine.operations:
        for error in operation.errors:
            if error.is_bug:
                yield Violation(f"exception: {error.is_bug}", error.message)


def previews_write(trace: Trace) -> Iterator[Violation]:
    """A preview, a refresh and an import change nothing."""
    for write in trace.cloud.writes:
        if write.is_ours and write.step:
            name = trace.engine.operations[write.step.operation].name
            if name in ("preview", "refresh", "import"):
                yield Violation(f"{name} writes: {_kind_of(write)} {write.fact[0]}", f"{write}")


_NOTHING = re.compile(r"Nothing was (?:sent|changed|deleted)|was left unchanged|were left unchanged")


def untrue(trace: Trace) -> Iterator[Violation]:
    """A message that says that nothing was done is true of its step."""
    for message in trace.engine.messages:
        if _NOTHING.search(message.text) and "Nothing was deleted, and" not in message.text:
            for write in trace.cloud.writes:
                step = write.step
                place = (message.operation, message.urn, message.verb)
                is_same = step and (step.operation, step.urn, step.verb) == place
                is_about = all(part in message.text for part in [*write.fact[1].split("/"), write.fact[2]])
                is_about = is_about and (write.fact[0] != "user" or "project" not in message.text)
                if write.is_ours and step and is_same and is_about:
                    yield Violation(f"untrue: {_kind_of(write)} {_NOTHING.findall(message.text)[0]}", message.text)


_CONTRADICTED = re.compile(
    r"no longer exist|from the program|another resource of the program|run the command again|was removed or restored in"
)
"""A warning that the program declares what can't be, that the next update has more to do, or has undone something."""


def unclean(engine: Engine, operation: Operation, again: Operation, ours: list[Write]) -> Iterator[Violation]:
    """An update that is followed by a preview shows nothing there, and a second update writes nothing."""
    told = [message.urn.rpartition("::")[2] for message in engine.messages if _CONTRADICTED.search(message.text)]
    for verb, what in operation.steps:
        if what.split()[1] not in told:
            yield Violation(f"preview after update: {verb} {re.sub(r' [a-z0-9_]+', '', what, count=1)}", what)
    for write in ours:
        if write.step and write.step.urn.rpartition("::")[2] in told:
            continue
        yield Violation(f"second update writes: {_kind_of(write)} {write.fact[0]}", f"{write} {again.steps}")


RULES = (
    undocumented_requests,
    removal_grants,
    base_roles,
    grants_undeclared,
    unannounced,
    touches_others,
    removes_others_keys,
    leaves,
    another_person,
    until_is_kept,
    ended_stays,
    as_declared,
    more_access,
    unknown_objects,
    settings_changed,
    bugs,
    previews_write,
    untrue,
)
