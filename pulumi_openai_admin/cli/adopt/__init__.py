"""Taking over an organization: from what OpenAI lists to a program and what `pulumi import` reads.

patterns     what is meant to be taken                        pure
names        names for resources, variables and modules       pure
plan         which resources the program declares             pure
program      how the program is written down                  pure
import_file  what `pulumi import` reads
folder       where the program goes, whole or not at all
command      all of it, in its order
"""
