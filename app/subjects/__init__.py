"""Subjects and their ulcers."""
