"""The command `plan`: a preview as a page, and as a comment, for the person who reviews a change.

preview  the steps of `pulumi preview --json`
people   what they do to people: permissions, and what becomes of those whose declaration ends
review   what the steps mean, project by project; the page and the comment
"""
