"""The mail server."""

from ..trial import Fault, Trial


def away(trial: Trial) -> None:
    trial.site.mail.stop()
    trial.rest(40)
    trial.site.mail.start()
    trial.recovered()


def slow(trial: Trial) -> None:
    postman = trial.site.mail.postman
    postman.seconds = 3
    trial.rest(20)
    postman.seconds = 0


def refusing(trial: Trial) -> None:
    """550 for everybody, until the answer is put right and somebody chooses “Try again”."""
    from post_office.models import STATUS, Email

    from portal.foundation.mail import delivery

    postman = trial.site.mail.postman
    postman.answer = "550 Not here"
    trial.must_see("mail", "failed")
    postman.answer = "250 OK"
    trial.recovered()
    for pk in Email.objects.filter(status=STATUS.failed).values_list("pk", flat=True):
        delivery.send_again(email_id=pk)


FAULTS = [
    Fault("the mail server refuses connections for 40 s", away, row="`mail: n waiting`"),
    Fault("the mail server takes 3 s for each mail", slow, row="`mail: n waiting`"),
    Fault(
        "the mail server answers 550 to everything",
        refusing,
        row="`mail: n failed`",
        step="Try again",
    ),
]
