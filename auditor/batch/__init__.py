"""A class of groups: read the list, fetch, audit, collect, write."""
