"""The command `pulumi-openai-admin` (extra `cli`).

`app` lists the commands. Each is declared with `options`, in the module or folder with its name, which is loaded when
the command is asked for. It reads with `connection` (clients, projects, lists), and shows what it
found as a `report`, or with `terminal`.
"""
