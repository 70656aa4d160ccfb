"""The command `pulumi-openai-admin` (extra `cli`), whose commands `options` lists."""
