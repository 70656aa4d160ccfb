"""Taking over an organization: from what OpenAI lists to a program and what `pulumi import` reads.

patterns     what is meant to be taken                        pure
journal      what was read, kept while it is being read
names        names for resources, variables and modules       pure
plan         which resources the program declares             pure
program      how the program is written down                  pure
import_file  what `pulumi import` reads
command      all of it, in its order
"""
