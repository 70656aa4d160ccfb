"""The command `adopt`: from OpenAI's lists to a program and a file for `pulumi import`.

patterns      `--include` and `--exclude`                                          pure
kinds         which kinds of objects are read, from declarations and handlers
replies       OpenAI's replies, which the journal keeps
organization  reads all lists, then gives what is in one place after the other
objects       what exists in one place, as a program declares it
limits        which rate limits a program declares                                 pure
names         names of resources, variables and modules                            pure
plan          names, variables and references of the resources                     pure
target        what differs between the programs: the provider, and the language
program       the text of a Python program
yaml_program  the text of a YAML program
readme        what all programs have beside their resources                        pure
import_file   the file for `pulumi import`
folder        the folder of the program
command       runs the steps
"""
