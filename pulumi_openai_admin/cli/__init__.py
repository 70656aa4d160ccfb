"""The command `pulumi-openai-admin` (extra `cli`).

`app` declares the commands. Each command has its own module, which is loaded when it runs. `terminal` has their output,
`connection` their settings and client, `organization` what they read from OpenAI.
"""
