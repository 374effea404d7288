"""Offline: data sets, synthesis, fitting, evaluation and export of the network."""
