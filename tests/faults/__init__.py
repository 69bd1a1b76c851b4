"""The portal with all that is around it, running for real, and what happens when it breaks.

`script/faults` runs it; `docs/faults.md` is what it writes. No fault is a test of pytest's: each
takes a minute, and needs a machine. `tests/portal/operation/test_faults.py` runs three of them.
"""
