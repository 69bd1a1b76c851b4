"""The figures in Wagtail's admin: a dashboard, and reports that can be filtered and exported.

A coordinator sees the own municipality and nothing else, whatever the address says: what a filter
asks for is narrowed to `permissions.figure_municipalities` in one place, `chosen.Chosen`.
"""
