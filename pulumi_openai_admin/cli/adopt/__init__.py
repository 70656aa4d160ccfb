"""The command `adopt`: from OpenAI's lists to a program and a file for `pulumi import`.

patterns      `--include` and `--exclude`                                          pure chosen        single objects:
what a user names, or a Terraform state kinds         which kinds of objects are read, from declarations and handlers
responses       OpenAI's responses, which the journal keeps organization  reads all lists, then gives what is in one
place after the other objects       what exists in one place, as a program declares it limits        which rate limits a
program declares                                 pure stack         what an existing stack manages
pure terraform     the objects that a Terraform state names                     pure terraform_providers  what the
resources of Terraform's providers are here  data names         names of resources, variables and modules
pure plan          names, variables and references of the resources                     pure placement     a separate
program, or a part of an existing one           pure project_folder  the folder of an existing Pulumi project options
the options of the command target        what differs between the programs: the provider, the language, and the place
program       the text of a Python program yaml_program  the text of a YAML program readme        what all programs have
beside their resources                        pure import_file   the file for `pulumi import` folder        the folder
of the program result        what is printed in the end dry_run       what would be written, with who made it command
runs the steps

OpenAI's responses are kept in a journal by request, and each project is taken from there, so memory holds one project.
The client sends only GET. For an existing stack (`--into`), an object is managed if a resource has its id, or a claim
that overlaps. `pulumi import` adds the rest to the stack, so no state is edited. For the native provider the file has
ids, and a state only where the program declares a part of the object.
"""
