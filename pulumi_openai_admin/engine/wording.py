"""The words of each tool for remedies and settings. Pure."""

from __future__ import annotations

from pulumi_openai_admin.remedies import Name, RemedyKind, Words

_SAME_AS_PLAIN = (
    *(RemedyKind.STOP_AT_ONCE, RemedyKind.SET_KEY, RemedyKind.CHANGE_KEY, RemedyKind.CHANGE_OR_UNSET_KEY),
    *Name,
)

PULUMI: Words = {
    **{term: term.value for term in _SAME_AS_PLAIN},
    RemedyKind.RUN: "run `pulumi up`",
    RemedyKind.RUN_AGAIN: "run `pulumi up` again",
    RemedyKind.REFRESH: "run `pulumi refresh`",
    RemedyKind.REFRESH_THEN_RUN: "run `pulumi refresh`, then `pulumi up`",
    RemedyKind.CORRECT_PROGRAM: "correct the program and run `pulumi up` again",
    RemedyKind.DECLARE_OLD_NAME: (
        "add an alias with its old name (`pulumi.ResourceOptions(aliases=[pulumi.Alias(name=…)])`)"
    ),
    RemedyKind.CONFIGURE: "run `pulumi config set {setting}`",
    RemedyKind.CONFIGURE_ENCRYPTED: "run `pulumi config set --secret {setting}`",
    RemedyKind.REMOVE_SETTING: "run `pulumi config rm {setting}`",
    RemedyKind.REMOVE_FROM_STATE: "remove it with `pulumi state delete '{urn}'`",
    RemedyKind.KEEP_KEY_IN_STACK: (
        "to keep the key in the stack instead, run `pulumi config set --secret openai-admin:adminApiKey`"
    ),
}
"""The Pulumi CLI, and programs in Python."""

NATIVE: Words = {
    **PULUMI,
    RemedyKind.DECLARE_OLD_NAME: "add its old name to the resource option `aliases`",
    Name.OF_PROVIDER: "{setting} of Provider {provider}",
    Name.TRUE: "true",
    Name.FALSE: "false",
}
"""The Pulumi CLI, and programs in any language."""

COMMAND_LINE: Words = {
    **PULUMI,
    RemedyKind.RUN_AGAIN: "run the same command again",
    RemedyKind.CORRECT_PROGRAM: "correct the arguments and run the same command again",
    RemedyKind.KEEP_KEY_IN_STACK: (
        "if the key is in a stack: `export OPENAI_ADMIN_KEY=$(pulumi config get openai-admin:adminApiKey)`"
    ),
    RemedyKind.STOP_AT_ONCE: "",
    RemedyKind.SET_KEY: "",
    RemedyKind.CHANGE_KEY: "",
    RemedyKind.CHANGE_OR_UNSET_KEY: "",
    Name.MAX_WAIT: "--max-wait",
    Name.BASE_URL: "OPENAI_BASE_URL",
    Name.ORGANIZATION: "OPENAI_ORG_ID",
}
"""`pulumi-openai-admin`. Programs and states are changed with the Pulumi CLI."""
