"""The policy pack: `pulumi preview --policy-pack policies --policy-pack-config policies/config.json`."""

from pulumi_policy import PolicyPack

from pulumi_openai_admin.policies.pack import policies

PolicyPack("openai-admin", policies())
