"""The objects of an endpoint: how they are created, read, updated and deleted.

What a program means, in all kinds: who leaves a list leaves the place, whoever added them. Only destroy restores what
was there before. What was imported belongs to the program. An exclusive set removes what a program could have declared
there, and only what a preview has named: no predefined roles, no inherited roles, no service accounts in a list of
people. Nothing is removed in a run in which an addition failed. An object is identified by OpenAI's id from the moment
the id is known; a name or an address only selects an object that the state does not know yet.
"""
