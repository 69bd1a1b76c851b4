"""What people want to do, and what fits: "bygga koja", "tema rymden", "nåt mjukt"."""
