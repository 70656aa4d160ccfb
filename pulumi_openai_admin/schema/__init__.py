"""What a declaration is made of: fields, rules, validation. Knows no host and no HTTP."""
