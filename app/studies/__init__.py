"""Studies: the protocol of a trial, its sites and visits."""
