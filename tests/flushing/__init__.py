"""An app of the tests alone: what empties the database after a test that has committed."""
