"""Counters that all processes share and nothing throws out."""
