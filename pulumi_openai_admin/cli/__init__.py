"""The command `pulumi-openai-admin` (extra `cli`).

`options` lists the commands; each is declared in its own module. A command reads with `connection` (clients, projects,
lists), and shows what it found as a `report`, or with `terminal`.
"""
