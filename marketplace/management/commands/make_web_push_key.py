"""Make the key that lets the portal show notifications on people's devices."""

from django.core.management import BaseCommand

from marketplace.notifications.phones.push import new_key


class Command(BaseCommand):
    help = (
        "Print a new WEB_PUSH_PRIVATE_KEY. Keep it: with another one, everybody has to turn "
        "notifications on again."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"WEB_PUSH_PRIVATE_KEY={new_key()}")
