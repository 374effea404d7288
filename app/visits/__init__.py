"""Visit notes: what nurses say beside the photographs."""
