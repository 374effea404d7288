"""The only importers of engines: database, blobs, jobs, images, signing, clock, telemetry."""
