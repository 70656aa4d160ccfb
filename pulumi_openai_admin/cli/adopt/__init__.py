"""The command `adopt`: from OpenAI's lists to a program and a file for `pulumi import`.

`command` decides what is read, `reading` finds what exists, `program` gives it names and references, and `languages`
writes the text. The client sends only GET. `pulumi import` adds the objects to a stack, so no state is edited.
"""

from __future__ import annotations

from pathlib import Path

import typer

from pulumi_openai_admin.cli.options import READ, AsJson, MaxWait, Parallel, declare


@declare(page="adoption.md", scopes=[READ])
def adopt(  # noqa: PLR0913 - the options of the command
    objects: list[str] | None = None,
    *,
    all_: bool = False,
    projects: list[str] | None = None,
    from_terraform: Path | None = None,
    out: Path | None = None,
    into: Path | None = None,
    stack: str = "",
    state: Path | None = None,
    provider: str = "",
    include: list[str] | None = None,
    exclude: list[str] | None = None,
    all_limits: bool = False,
    one_by_one: bool = False,
    native: bool = False,
    native_python: bool = False,
    force: bool = False,
    dry_run: bool = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """Import an existing organization: write a Pulumi program and a file for `pulumi import`.

    It changes nothing at OpenAI. It prints the commands that import the resources into a stack. The preview after the
    import shows no changes.

    Examples:
    ```console
    pulumi-openai-admin adopt --all --out organization
    pulumi-openai-admin adopt "Web shop" proj_abc --out shop --all-limits
    pulumi-openai-admin adopt --all --out organization --native
    pulumi-openai-admin adopt --all --out prod --include 'prod-*'
    pulumi-openai-admin adopt --all --out org --exclude 'account:tmp-*'
    pulumi-openai-admin adopt --all --out org --exclude kind:OrganizationUser
    pulumi-openai-admin adopt account:ci --project "Web shop" --out accounts
    pulumi-openai-admin adopt --all --into . --dry-run
    pulumi-openai-admin adopt --all --into .
    pulumi-openai-admin adopt --from-terraform terraform.tfstate --out company
    ```

    Options:
        objects ([PROJECT|KIND:NAME]...): Names or ids (`proj_…`) of projects, to import them with all their objects. To
            import single objects, use the kind and the name or id: `project:proj_abc`, `account:ci`,
            `ProjectServiceAccount:proj_abc/svc_acct_1`, `Group:Engineering`.
        all_: Import the organization and all projects that are not archived.
        projects (PROJECT): A project to import, by name or id. With `KIND:NAME`, the project that contains the object.
            Repeatable.
        from_terraform (FILE): Import the objects in a Terraform state (the output of `terraform state pull`), with
            their names in Terraform.
        out (DIR): The folder for the program: a new folder, or one that contains none of the program's files. With
            `--into`, the name of a new folder in that program.  [default with `--into`: adopted]
        into (DIR): Add to the Pulumi project in DIR. Writes only objects that its stack does not manage yet.
        stack (STACK): With `--into`, the stack.  [default: the selected stack]
        state (FILE): With `--into`, a file that `pulumi stack export` wrote. Without it, adopt runs that command.
        provider (NAME): With `--into`, the provider of the new resources, or `default`.  [default: the provider that
            the stack uses]
        include (PATTERN): Import only matching objects. `GLOB` matches project names and IDs. `Group:GLOB`,
            `account:GLOB` and `model:GLOB` match objects of one kind. `kind:GLOB` matches kinds. Repeatable.
        exclude (PATTERN): Do not import matching objects. Takes precedence over `--include`. Repeatable.
        all_limits: Import all limits, not only limits that differ from most projects.
        one_by_one: Write one resource per object (`GroupUser`) instead of one per list (`GroupMembers`).
        native: Write a YAML program for the native provider, which imports objects by their ids.
        native_python: Write a Python program for the native provider.
        force: Overwrite existing files.
        dry_run: Write nothing. List the objects that would be written, by kind, and the API keys that can't be
            imported, with author and time of creation.
    """
    from pulumi_openai_admin.cli import unmanaged
    from pulumi_openai_admin.cli.adopt import command, program
    from pulumi_openai_admin.cli.adopt.kinds import Patterns

    if sum((bool(objects or projects), all_, from_terraform is not None)) != 1:
        what = "Name projects or objects, or give --all or --from-terraform."
        raise typer.BadParameter(what, param_hint="PROJECT")
    if native and native_python:
        raise typer.BadParameter("Give only one of --native and --native-python.", param_hint="--native")
    if not (out or into or dry_run):
        raise typer.BadParameter("Give the folder for the program, or an existing one with --into.", param_hint="--out")
    if not into and (stack or state or provider):
        raise typer.BadParameter("--stack, --state and --provider belong to --into.", param_hint="--into")
    options = command.AdoptOptions(
        words=tuple(objects or ()),
        projects=tuple(projects or ()),
        terraform=from_terraform,
        out=out or Path("adopted"),
        patterns=Patterns(tuple(include or ()), tuple(exclude or ())),
        all_limits=all_limits,
        one_by_one=one_by_one,
        force=force,
        target=program.NATIVE_YAML if native else program.NATIVE_PYTHON if native_python else program.DYNAMIC,
    )
    if into:
        options = command.options_into(options, into, stack, state, provider)
    if dry_run:
        return unmanaged.show_adoption(*command.read_existing(options, max_wait, parallel), as_json=as_json)
    command.adopt(options, as_json=as_json, max_wait=max_wait, parallel=parallel)
    return 0
