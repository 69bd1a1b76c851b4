"""Kits: everything that a group needs for a lesson idea, out of what is to be had."""
