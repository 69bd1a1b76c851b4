"""What people see of search."""
