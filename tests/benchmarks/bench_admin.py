"""How long the pages of the admin take with much in it.

    script/benchmark admin

The demo, with its listings multiplied to 100,000 and its ledger to 200,000 rows, and 1,000 listings
more that wait for review. Each page of the menu and the edit page of a listing is asked for by an
administrator with Django's test client, with nothing kept and once more.
"""

from . import bench_pages, report, stage
from .bench_peers import prepare
from .multiplied import multiply

SHOWN = 12


def main():
    prepare()
    from marketplace.impact.sums.services import count_ledger
    from marketplace.listings.models import MaterialListing

    if MaterialListing.objects.count() < stage.LISTINGS // 2:
        multiply(stage.LISTINGS, 2 * stage.LISTINGS)
        bench_pages.send_for_review(stage.LISTINGS // 100)
        count_ledger()
    measured = bench_pages.measure_admin()
    report.publish("The admin with much in it", text(measured), summary=[])


def text(measured):
    slowest = sorted(measured, key=lambda path: -measured[path].kept)
    rows = [
        [
            path,
            report.milliseconds(measured[path].seconds),
            report.milliseconds(measured[path].kept),
            str(measured[path].queries),
        ]
        for path in slowest[:SHOWN]
    ]
    return (
        f"The {len(measured)} pages of the menu and of an editor, on the demo multiplied to "
        f"{stage.LISTINGS:,} listings and {2 * stage.LISTINGS:,} handovers, with "
        f"{stage.LISTINGS // 100:,} more listings waiting for review; an administrator, Django's "
        f"test client, median of {bench_pages.RUNS}. {over(measured, 'kept')} of them take longer "
        f"than {report.milliseconds(bench_pages.MOST_SECONDS)}, {over(measured, 'seconds')} with "
        f"nothing kept, as in the first look after a change. The {SHOWN} slowest:\n\n"
        + report.table(["page", "nothing kept", "kept", "queries, nothing kept"], rows)
    )


def over(measured, seconds):
    return sum(getattr(each, seconds) > bench_pages.MOST_SECONDS for each in measured.values())


if __name__ == "__main__":
    main()
