"""Series: areas and healing of every ulcer over time."""
