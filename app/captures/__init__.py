"""Captures: photographs received, and what was measured on them."""
