"""The command `plan`: a preview as a page, and as a comment, for the person who reviews a change.

preview     the steps of `pulumi preview --json`            pure, except for reading
assignments who has which role before and after             pure
effective   what changes in the permissions of people       pure
review      what they mean, project by project              pure
page        the page
markdown    the comment on a pull request                   pure
command     reads, and writes one of the two
"""
