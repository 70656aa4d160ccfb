"""The objects of an endpoint: how they are created, read, updated and deleted.

What a program means, in all kinds: what it declares belongs to it, whoever made it first. Who leaves a list leaves the
place. Only settings and values are restored, and never a higher role. An exclusive set removes what a program could
have declared there, and only what a preview has named: no predefined roles, no inherited roles, no service accounts in
a list of people. Nothing is removed in a run in which an addition failed. An object is identified by OpenAI's id from
the moment the id is known; a name or an address only selects an object that the state does not know yet.
"""
