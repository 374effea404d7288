"""Errors of the pages, told to the server's log."""
