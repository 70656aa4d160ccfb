"""The words of each tool for remedies and settings. Pure."""

from __future__ import annotations

from pulumi_openai_admin.remedies import Kind, Name, Words

_SAME_AS_PLAIN = (
    *(Kind.STOP_AT_ONCE, Kind.SET_KEY, Kind.CHANGE_KEY, Kind.CHANGE_OR_UNSET_KEY),
    *(Name.MAX_WAIT, Name.BASE_URL, Name.ORGANIZATION),
)

PULUMI: Words = {
    **{term: term.value for term in _SAME_AS_PLAIN},
    Kind.RUN: "run `pulumi up`",
    Kind.RUN_AGAIN: "run `pulumi up` again",
    Kind.REFRESH: "run `pulumi refresh`",
    Kind.REFRESH_THEN_RUN: "run `pulumi refresh`, then `pulumi up`",
    Kind.CORRECT_PROGRAM: "correct the program and run `pulumi up` again",
    Kind.DECLARE_OLD_NAME: (
        "keep what it remembers with `pulumi.ResourceOptions(aliases=[pulumi.Alias(name=…)])` and the old name"
    ),
    Kind.CONFIGURE: "run `pulumi config set {setting}`",
    Kind.CONFIGURE_ENCRYPTED: "run `pulumi config set --secret {setting}`",
    Kind.REMOVE_SETTING: "run `pulumi config rm {setting}`",
    Kind.REMOVE_FROM_STATE: "remove it with `pulumi state delete '{urn}'`",
    Kind.KEEP_KEY_IN_STACK: (
        "to keep the key in the stack instead, run `pulumi config set --secret openai-admin:adminApiKey`"
    ),
}
"""The Pulumi CLI, and programs in Python."""

NATIVE: Words = {
    **PULUMI,
    Kind.DECLARE_OLD_NAME: "keep what it remembers with the resource option `aliases` and the old name",
}
"""The Pulumi CLI, and programs in any language."""

COMMAND_LINE: Words = {
    **PULUMI,
    Kind.RUN_AGAIN: "run the same command again",
    Kind.CORRECT_PROGRAM: "correct the arguments and run the same command again",
    Kind.KEEP_KEY_IN_STACK: (
        "if the key is in a stack: `export OPENAI_ADMIN_KEY=$(pulumi config get openai-admin:adminApiKey)`"
    ),
    Kind.STOP_AT_ONCE: "",
    Kind.SET_KEY: "",
    Kind.CHANGE_KEY: "",
    Kind.CHANGE_OR_UNSET_KEY: "",
    Name.MAX_WAIT: "--max-wait",
    Name.BASE_URL: "OPENAI_BASE_URL",
    Name.ORGANIZATION: "OPENAI_ORG_ID",
}
"""`pulumi-openai-admin`. Its commands change nothing: programs and states are changed with the Pulumi CLI."""
