"""Readings: what the central reading committee receives."""
