"""What the process that starts an emulator and the emulator itself both know."""

ADMIN_KEY = "sk-admin-emulator"
"""The Admin API key that is accepted where nobody says another."""

BASE_PATH = "/v1"
"""Where the API begins, as in `https://api.openai.com/v1`."""

READY = "OpenAI emulator listening on "
"""How the one line on standard output begins; the base URL follows."""
