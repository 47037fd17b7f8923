"""Addresses of the desk's pages, which keep the filters."""

from __future__ import annotations

from auditor.desk.questions import Filters


def claim_address(key: str, filters: Filters, *, done: str = "") -> str:
    """The address of a claim's page that keeps the filters."""
    page, _, claim = key.partition("/")
    return with_query(f"/group/{page}/claim/{claim}", filters, done)


def queue_address(filters: Filters, *, done: str = "") -> str:
    """The address of the queue."""
    return with_query("/", filters, done)


def with_query(path: str, filters: Filters, done: str) -> str:
    """An address with the filters behind it."""
    query = "&".join(part for part in (filters.address, "done=1" if done else "") if part)
    return f"{path}?{query}" if query else path
