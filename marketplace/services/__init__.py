"""What changes stock, reservations and the ledger: each function is one transaction.

Every function takes the listing's stock row first (`SELECT … FOR UPDATE`) and then the reservation,
always in that order, so that two people can neither promise the same box nor wait for each other
for ever. Who may do what is decided before, in `permissions`; rules that hold for everybody are
here, as named errors. Signals, notifications and mail leave after commit.
"""

from .handovers import confirm_handover, correct_handover, record_handover
from .listings import copy_listing, reopen_listing, set_stock, submit_listing, withdraw_listing
from .merging import merge_organisations
from .notes import report_problem, say_thanks
from .organisations import approve_organisation, ask_for_approval, reject_organisation
from .ratings import rate
from .regular import (
    answer_regular_offer,
    ask_about_regular_offers,
    follow_regular_offer,
    pause_regular_offer,
    read_regular_offer_token,
    regular_offer_token,
    resume_regular_offer,
    skip_regular_offer,
    stop_regular_offer,
)
from .reservations import (
    accept_reservation,
    agree_pickup,
    cancel_reservation,
    check_part,
    decline_reservation,
    is_giver_side,
    post_message,
    prolong_reservation,
    propose_pickup,
    request_reservation,
)
from .revaluations import revaluation_difference, revalue_handovers, revert_revaluation
from .stock import announce
from .timed import (
    ask_about_uncollected,
    expire_reservations,
    remind_of_pickups,
    remind_unanswered,
)
from .waiting import can_come_back, expire_offers, join_line, leave_line, take_offer

__all__ = [
    "accept_reservation",
    "agree_pickup",
    "announce",
    "answer_regular_offer",
    "approve_organisation",
    "ask_about_regular_offers",
    "ask_about_uncollected",
    "ask_for_approval",
    "can_come_back",
    "cancel_reservation",
    "check_part",
    "confirm_handover",
    "copy_listing",
    "correct_handover",
    "decline_reservation",
    "expire_offers",
    "expire_reservations",
    "follow_regular_offer",
    "is_giver_side",
    "join_line",
    "leave_line",
    "merge_organisations",
    "pause_regular_offer",
    "post_message",
    "prolong_reservation",
    "propose_pickup",
    "rate",
    "read_regular_offer_token",
    "record_handover",
    "regular_offer_token",
    "reject_organisation",
    "remind_of_pickups",
    "remind_unanswered",
    "reopen_listing",
    "report_problem",
    "request_reservation",
    "resume_regular_offer",
    "revaluation_difference",
    "revalue_handovers",
    "revert_revaluation",
    "say_thanks",
    "set_stock",
    "skip_regular_offer",
    "stop_regular_offer",
    "submit_listing",
    "take_offer",
    "withdraw_listing",
]
