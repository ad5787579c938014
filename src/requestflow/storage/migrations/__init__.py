"""Migrations of the database, by Alembic; imported by `init` and `upgrade` alone."""
