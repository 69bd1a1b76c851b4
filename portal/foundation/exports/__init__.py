"""Lists and reports as files that open as they should in the reader's spreadsheet program.

`sheets` holds what a file consists of, `csv_files` and `workbooks` write it, `views` gives the
admin's lists and reports their exports.
"""
