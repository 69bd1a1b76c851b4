"""The same form more than once."""

from concurrent.futures import ThreadPoolExecutor

from ..trial import Fault, Trial


def twelve_times(trial: Trial) -> None:
    from marketplace.exchange.reservations.models import Reservation

    load, people = trial.load, trial.people
    listing, school = people.listings.pop(0), people.next_school()
    path = f"/material/{listing.pk}/boka/"
    opened = school.browser(trial.site)
    form = load.open_form(opened, path, path, {"purpose": "tolv"})

    def send(_time):
        browser = school.browser(trial.site)
        browser.cookies.update(opened.cookies)
        return browser.post(trial.site.url + path, data=form, timeout=60, allow_redirects=False)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))
    trial.recovered()
    led_to = {answer.headers.get("Location") for answer in answers}
    trial.must(
        len(led_to) == 1 and None not in led_to, f"all twelve led to the same page, not {led_to}"
    )
    trial.must(Reservation.objects.filter(listing=listing).count() == 1, "it was saved once")


FAULTS = [
    Fault(
        "the same form sent twelve times at once", twelve_times, row="the same form", is_short=True
    ),
]
