"""The command `pulumi-openai-admin` (extra `cli`).

`app` says what there is to ask for; each command has a module of its own, loaded when it is asked for.
`terminal` is how all of them talk, `connection` how they reach OpenAI, `organization` what they read there.
"""
