import sys

from django.core.management.base import BaseCommand

from inspiration.newsletter.bounces import record, record_mailbox


class Command(BaseCommand):
    help = (
        "Record newsletters that a mail server returned: one mail on standard input (from an alias "
        "of the mail server), or all in a Maildir."
    )

    def add_arguments(self, parser):
        parser.add_argument("--maildir", help="A Maildir. What is recorded is removed from it.")

    def handle(self, *, maildir=None, **options):
        if maildir:
            recorded, left = record_mailbox(maildir)
            self.stdout.write(f"{recorded} recorded, {left} left: no returned mail of ours")
        elif record(sys.stdin.buffer.read()):
            self.stdout.write("recorded")
        else:
            # Not an error: the mail server would otherwise return the bounce in its turn.
            self.stdout.write("not a returned mail of ours")
