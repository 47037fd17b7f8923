"""What the names of libraries, programs and distributions mean, as data."""

from auditor.knowledge.names import Names
from auditor.knowledge.tables import built_in

__all__ = ["Names", "built_in"]
