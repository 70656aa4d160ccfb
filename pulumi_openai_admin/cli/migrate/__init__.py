"""The command `migrate`: from an exported stack of the dynamic provider to one of the native provider.

urns        types, URNs and references to providers     pure
properties  inputs and outputs of one resource          pure
stack       all resources of a stack                    pure
command     reads, writes, and prints the next steps

Types, URNs and properties are renamed by the declarations. Encrypted values are moved without being read. Names inside
a value that is encrypted as a whole can't be renamed: for those the command asks for an export in plain text.
"""
