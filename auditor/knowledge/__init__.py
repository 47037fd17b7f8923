"""What the names of libraries, programs and distributions mean, as data."""
