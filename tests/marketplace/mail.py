from django.core.mail.backends.base import BaseEmailBackend


class NoServer(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("No mail server here")
