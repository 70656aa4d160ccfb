"""The command `access`: who has which permission where, and through what.

permissions which permissions follow from roles             pure
held        roles of people, accounts and invites           pure
reading     roles and accounts, beside what `members` reads
table       the rows of the table and the page              pure
page        the page
command     reads, and shows
"""
