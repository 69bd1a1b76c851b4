"""Public pages of the exchange, one module per subject."""
