"""The command `drift`: what differs between a stack's state and OpenAI, and who changed it.

exported    the resources of an exported stack, place by place on disk settings    the stack configuration's providers
pure report      a resource that differs, as it is kept      pure reading     reads the objects, and compares them
events      who changed it, from the audit log beside      what exists beside the stack shown       the table page
the page command     all of it, in order
"""
