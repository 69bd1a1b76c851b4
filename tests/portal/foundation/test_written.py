"""Numbers, days and times have the meaning that somebody wrote, or none."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from portal.foundation.written import (
    NotUnderstood,
    TwoMeanings,
    parse_day,
    parse_decimal,
    parse_moment,
    parse_time,
    parse_yes_no,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1 200", "1200"),
        ("1\u00a0200,50", "1200.50"),
        ("1.200,5", "1200.5"),
        ("1,200.5", "1200.5"),
        ("1.200.000", "1200000"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("12,125", "12.125"),
        ("\u22123", "-3"),
        (1.2, "1.2"),
        (12, "12"),
        (1.234, "1.234"),
    ],
)
def test_a_number_is_read_as_swedes_write_it(text, number):
    assert parse_decimal(text) == Decimal(number)


def test_a_point_before_three_figures_is_asked_about():
    with pytest.raises(TwoMeanings) as question:
        parse_decimal("1.200")

    assert question.value.readings == ("1200", "1,2")


@pytest.mark.parametrize("text", ["", "many", "1e9999", "NaN", "1,2,3", "12 st", "1.20.000"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotUnderstood):
        parse_decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        "2027-05-31",
        "270531",
        270531,
        "20270531",
        "31/5/2027",
        "31.5.2027",
        "31 maj 2027",
        "den 31 maj 2027",
        "31 May 2027",
        "2027-05-31 00:00",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert parse_day(text) == date(2027, 5, 31)


@pytest.mark.parametrize("text", ["2705-3-1x", "27053", "31/13/2027", "31 foo 2027", "", "5/31"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(NotUnderstood):
        parse_day(text)


@pytest.mark.parametrize("text", ["14.30", "14:30", "kl. 14.30", "kl 14:30", "14:30:00"])
def test_a_time_with_a_point_is_a_time(text):
    assert parse_time(text) == time(14, 30)


@pytest.mark.parametrize(
    "text", ["2027-05-21 14.30", "2027-05-21T14:30", "21 maj 2027 kl. 14.30", "21/5/2027, 14:30"]
)
def test_day_and_time_are_read_together(text):
    assert parse_moment(text) == datetime(2027, 5, 21, 14, 30)


@pytest.mark.parametrize("text", ["2027-05-21", "21 maj 2027", "14.30", "2027-05-21 25.00"])
def test_a_day_without_a_time_is_no_moment(text):
    with pytest.raises(NotUnderstood):
        parse_moment(text)


def test_yes_is_read_as_excel_writes_it():
    assert [parse_yes_no(word) for word in ("Ja", "SANT", "TRUE", True, "Yes")] == [True] * 5
    assert [parse_yes_no(word) for word in ("Nej", "FALSKT", False)] == [False] * 3
