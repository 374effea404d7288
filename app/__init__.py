"""The service: captures in, blinded healing assessments out."""
