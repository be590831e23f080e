"""The tests' settings on a real PostgreSQL: `pytest --ds=config.tests.settings_postgres`."""
