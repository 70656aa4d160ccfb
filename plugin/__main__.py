"""The native provider as Pulumi starts it from this folder, and the program in the plugin archive."""

from pulumi_openai_admin.hosts.native.__main__ import run

if __name__ == "__main__":
    run()
