"""Audit: the trail of every change, readable and verifiable."""
