"""The database: tables, transactions, statements. The only package that knows SQLAlchemy."""
