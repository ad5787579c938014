"""Alembic's environment: the connection is the caller's, and so is its transaction."""

from alembic import context

from requestflow.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # what is written on one engine runs on the other
    transactional_ddl=False,
)
context.run_migrations()
