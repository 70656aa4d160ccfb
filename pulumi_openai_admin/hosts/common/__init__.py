"""What both providers need: the engine that started the process, the form of secrets, words, failed steps."""
