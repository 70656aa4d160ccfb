"""The hosts. Each translates between the Pulumi engine and the verbs of `lifecycle`.

They differ in the spelling of properties, in tokens, and in what the engine passes. The native provider gets the old
inputs, marks secrets itself, sets `deleteBeforeReplace` in each `Diff`, gets a call before each update in a preview,
and a call when the user presses Ctrl-C.
"""
