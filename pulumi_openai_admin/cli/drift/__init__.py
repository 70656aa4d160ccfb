"""The command `drift`: what differs between a stack's state and OpenAI, and who changed it.

comparison  the resources of the state, and what differs from their objects
command     the command, its table and its page
"""
