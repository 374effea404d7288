"""Alembic's way in: it runs inside the connection that `Database.migrate` lends it."""

from __future__ import annotations

from alembic import context

from app.platform.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
