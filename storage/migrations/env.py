"""Runs the steps on the connection that `storage.migrate` gives, in its transaction."""

from __future__ import annotations

from alembic import context

from storage.models import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations are run by storage.migrate, which holds the lock")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # true of SQLite too, as our transactions begin with an explicit BEGIN
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
