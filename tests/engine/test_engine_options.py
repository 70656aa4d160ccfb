"""Resource options of the engine that change when a resource is replaced, deleted or shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.by_hand import writes

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

PROGRAM = """
    import copy

    step = pulumi.Config().require("step")
    Options = pulumi.ResourceOptions

    def created(args):
        pulumi.log.info(f"created {args.name}: {sorted(args.new_outputs)[0]}")

    def renamed(args):
        states = copy.deepcopy(args.old_state)
        successors = {}
        for state in states:
            if state["urn"].endswith("::old"):
                old, state["urn"] = state["urn"], state["urn"].replace("::old", "::new")
                successors[old] = state["urn"]
        return pulumi.StateMigrationResult(states, successors) if successors else None

    deleting = pulumi.ResourceHook("deleting", lambda args: pulumi.log.info(f"deleting {args.name}"))
    hooks = pulumi.ResourceHookBinding(after_create=[created], before_delete=[deleting])

    account = ProjectServiceAccount(
        "account", project_id="proj_demo", name="a", opts=Options(replacement_trigger=step, hooks=hooks)
    )
    ProjectServiceAccount("with-account", project_id="proj_demo", name="b", opts=Options(replace_with=[account]))
    row = {"project_id": "proj_demo", "max_requests_per_1_minute": 60}
    ProjectRateLimit("row", model="gpt-4o", opts=Options(replacement_trigger=step), **row)
    row["max_requests_per_1_minute"] = 70 + int(step)
    hidden = Options(hide_diffs=["max_requests_per_1_minute"])
    ProjectRateLimit("hidden", model="gpt-4o-mini", opts=hidden, **row)

    project = Project("project", name="Ends")
    ProjectRateLimit(
        "ends", project_id=project.project_id, model="gpt-4o", max_requests_per_1_minute=5,
        opts=Options(deleted_with=project),
    )

    class Team(pulumi.ComponentResource):
        def __init__(self):
            super().__init__("my:Team", "team", opts=Options(state_migrations=[renamed]))
            limits = {"o3": {"max_requests_per_1_minute": 5}}
            name = "old" if step == "1" else "new"
            ProjectRateLimits(name, project_id="proj_demo", limits=limits, opts=Options(parent=self))

    Team()
"""


def test_options_of_the_engine(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(PROGRAM)
    stack.ok("config", "set", "step", "1")
    first = stack.up()
    assert "created account: " in first.text
    accounts = [stack.resource(name)["id"] for name in ("account", "with-account")]
    baselines = [_baseline(stack, name) for name in ("row", "hidden", "old")]

    stack.ok("config", "set", "step", "2")
    preview = stack.preview()
    assert "71 => 72" not in preview.text, "hide_diffs hides the values"
    second = stack.up()
    assert second.summary == {"replaced": 3, "updated": 1, "unchanged": 5}
    assert "deleting account" in second.text
    now = [stack.resource(name)["id"] for name in ("account", "with-account")]
    assert not {*accounts} & {*now}
    assert [_baseline(stack, name) for name in ("row", "hidden", "new")] == baselines
    stack.assert_clean()

    assert "unchanged" in stack.ok("refresh", "--yes", "--skip-preview", "--run-program").summary
    stack.assert_clean()

    count = len(emulator.control.requests())
    ended = stack.ok("destroy", "--yes", "--skip-preview", "--run-program")
    assert "deleting account" in ended.text
    sent = writes(emulator, count)
    project_id = next(path for path in sent if path.endswith("/archive")).split("/")[-2]
    assert [path for path in sent if project_id in path and "rate_limits" in path] == []


def _baseline(stack: Stack, name: str) -> Any:
    return stack.resource(name, "--show-secrets")["outputs"]["baseline"]
