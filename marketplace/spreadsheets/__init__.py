"""Spreadsheets that an organisation sends: kept, read in the background, shown, then confirmed."""
