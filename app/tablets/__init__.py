"""Shared tablets: enrolled devices, shifts and PINs of the people on them."""
