"""The program in the plugin archive: what the console script `pulumi-resource-openai-admin` runs."""

from pulumi_openai_admin.native.__main__ import run

if __name__ == "__main__":
    run()
