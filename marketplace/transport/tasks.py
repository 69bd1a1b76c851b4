"""Background jobs of transport."""

from django_tasks import task

from marketplace.transport.models import Run
from marketplace.transport.plans import make_plan


@task()
def plan_run(run_pk: int) -> None:
    """Plan a run that waits for it. A run that has been planned meanwhile is left alone."""
    run = (
        Run.objects.filter(pk=run_pk, planning=Run.Planning.WAITING)
        .select_related("round__carrier__municipality")
        .first()
    )
    if run is None:
        return
    try:
        make_plan(run)
    except Exception:
        Run.objects.filter(pk=run_pk).update(planning=Run.Planning.FAILED)
        raise
