"""The command `adopt`: from OpenAI's lists to a program and a file for `pulumi import`.

`reading` finds what exists, of the `kinds` that can be imported, or the objects that a user (`chosen`) or a Terraform
state (`terraform`) names, without those that an existing `stack` manages. `plan` gives them names and references.
`python_program` and `yaml_program` are the text of a program, and `target` is what both have in common.

The client sends only GET. `pulumi import` adds the objects to a stack, so no state is edited.
"""
