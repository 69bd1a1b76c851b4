"""What time brings about, in this order. Each step does only what is still to be done, so that
running all of it every few minutes, or twice at once, is harmless.
"""

from inspiration.newsletter.tasks import requeue_stalled_newsletters
from inspiration.pages.tasks import publish_scheduled
from marketplace.desk.queue.escalation import escalate_late, report_late
from marketplace.exchange.follows.services import tell_followers
from marketplace.exchange.reservations.deadlines import (
    ask_about_uncollected,
    expire_reservations,
    remind_of_pickups,
    remind_unanswered,
)
from marketplace.exchange.sharing.services import ask_to_share
from marketplace.exchange.waiting_list.services import expire_offers
from marketplace.hubs.arrivals.reminders import remind_of_kept
from marketplace.hubs.openings import plan_openings
from marketplace.impact.purchase_imports.services import requeue_stalled_purchase_imports
from marketplace.impact.sums.services import compare_sums, count_ledger
from marketplace.impact.yearly_reports.services import send_yearly_reports
from marketplace.notifications.digests import send_summaries
from marketplace.notifications.phones.delivery import reach_waiting_phones
from marketplace.notifications.tasks import requeue_stalled_notifications
from marketplace.occasions.services import remind_of_bookings
from marketplace.offers.imports.services import requeue_stalled_imports
from marketplace.offers.regular.services import ask_about_regular_offers
from marketplace.offers.unplaced.services import ask_about_unplaced
from marketplace.organisations.school_units.importing import requeue_stalled_school_imports
from marketplace.wanted.questions.services import ask_givers
from portal.foundation.jobs.periodic import DAILY, HOURLY, Step
from portal.foundation.jobs.queue import prune_jobs, take_up_left_jobs
from portal.foundation.limits.store import forget_expired
from portal.foundation.mail.delivery import deliver_due
from portal.foundation.submissions import forget_old
from portal.site.retention.services import apply_retention
from search.index.entries import refresh_changed, refresh_lost
from search.index.sync import sync_pending
from search.saved.matching import match_new
from search.saved.services import send_alerts

STEPS = [
    Step(take_up_left_jobs),
    Step(publish_scheduled),
    Step(remind_unanswered),
    Step(expire_reservations),
    Step(remind_of_pickups),
    Step(plan_openings, HOURLY),
    Step(remind_of_bookings),
    Step(remind_of_kept),
    Step(ask_about_uncollected),
    Step(expire_offers),
    Step(tell_followers),
    Step(ask_to_share),
    Step(ask_about_unplaced, HOURLY),
    Step(ask_about_regular_offers),
    Step(escalate_late, HOURLY),
    Step(report_late, DAILY),
    Step(ask_givers, HOURLY),
    Step(send_summaries),
    Step(requeue_stalled_notifications),
    Step(reach_waiting_phones),
    Step(count_ledger, HOURLY),
    Step(compare_sums, DAILY),
    Step(send_yearly_reports),
    Step(requeue_stalled_newsletters),
    Step(refresh_lost, HOURLY),
    Step(refresh_changed, DAILY),
    Step(sync_pending),
    Step(match_new),
    Step(send_alerts),
    Step(requeue_stalled_imports),
    Step(requeue_stalled_purchase_imports),
    Step(requeue_stalled_school_imports),
    Step(deliver_due),
    Step(forget_expired),
    Step(apply_retention),
    Step(prune_jobs, HOURLY),
    Step(forget_old, HOURLY),
]
