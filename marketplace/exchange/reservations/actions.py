"""The two sides of a reservation, and everything that either can do with it.

`Reservation.actions_for` says which of them are possible now; the page shows those, and the
services refuse the rest.
"""

from enum import StrEnum


class Side(StrEnum):
    GIVER = "giver"
    RECEIVER = "receiver"


class Action(StrEnum):
    ANSWER = "answer"
    ADD = "add"
    CANCEL = "cancel"
    PROLONG = "prolong"
    PROPOSE_PICKUP = "propose_pickup"
    AGREE_PICKUP = "agree_pickup"
    CONFIRM = "confirm"
    SAY_BOUGHT = "say_bought"
    THANK = "thank"
    RATE = "rate"
    REPORT = "report"
    ASK_AGAIN = "ask_again"
    WRITE = "write"
