"""The figures in Wagtail's admin: a dashboard, and reports that can be filtered and exported.

A coordinator sees their own municipality and nothing else, whatever the URL says:
`parameters.ReportParameters` narrows each filter to `permissions.figure_municipalities`.
"""
