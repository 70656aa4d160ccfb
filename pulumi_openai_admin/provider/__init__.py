"""How Pulumi's verbs are served, for any resource.

`fields` and `rules` are what a declaration is made of, `resource` turns it into a class, `lifecycle` serves
the verbs, `values` and `state` are the pure parts of that, `host` opens what Pulumi's own host keeps shut.
"""

from pulumi_openai_admin.provider.lifecycle import AdminProvider

__all__ = ["AdminProvider"]
