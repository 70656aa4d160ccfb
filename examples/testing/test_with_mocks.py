"""What the program declares. Needs no engine, no key and no network."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pulumi
from team import team


class OpenAI(pulumi.runtime.Mocks):
    """The results of resources and provider functions in a test."""

    def __init__(self) -> None:
        self.declared: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        kind = args.typ.rpartition(":")[2]
        self.declared[kind] = args.inputs
        if kind == "Project":
            return "proj_new", args.inputs
        if kind == "ProjectServiceAccount":
            return "proj_new/svc_new", {**args.inputs, "api_key": "sk-of-the-test"}
        return f"{args.name}_id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        if args.token == "openai-admin:index:getProject":
            return {"project_id": "proj_shared", "name": args.args["name"]}, []
        if args.token == "openai-admin:index:listProjectRateLimits":
            return {"items": [{"model": model, "max_requests_per_1_minute": 500} for model in ("gpt-4o", "o3")]}, []
        return {}, []


def test_a_team_gets_its_share_of_known_models_and_nothing_of_others() -> None:
    openai = OpenAI()
    asyncio.set_event_loop(asyncio.new_event_loop())  # `set_mocks` needs one, and Python 3.14 does not create it
    pulumi.runtime.set_mocks(openai)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def declares() -> pulumi.Output[None]:
        account, limits = team("search", share=0.5)
        outputs = account.project_id, account.service_account_id, account.api_key
        return pulumi.Output.all(*outputs, limits.urn).apply(check)  # wait for each resource that `check` looks at

    def check(values: Sequence[Any]) -> None:
        assert list(values)[:3] == ["proj_new", "svc_new", "sk-of-the-test"]
        limits = openai.declared["ProjectRateLimits"]
        assert limits["limits"] == {"gpt-4o": {"max_requests_per_1_minute": 250}}
        assert limits["others"] == {"max_requests_per_1_minute": 0}

    declares()
