"""The rendered demonstration study: photographs, true outlines, manifest.json; made by its render module."""
