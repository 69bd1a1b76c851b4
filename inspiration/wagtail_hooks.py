"""What inspiration adds to Wagtail's admin."""

from wagtail import hooks

from . import reports


@hooks.register("register_admin_urls")
def report_urls():
    return reports.urlpatterns


@hooks.register("register_reports_menu_item")
def answer_report():
    return reports.menu_item()
