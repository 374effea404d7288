"""The reading room: blinded readers and adjudicators draw, say and sign."""
