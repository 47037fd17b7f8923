"""Which calls store something where it outlives the request: files, databases, buckets, queues, structured logs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.facts.python import Call, PythonProject
from auditor.knowledge.names import Names
from auditor.patterns import pattern

TELLING_METHODS = frozenset(
    """writerow writerows write_text write_bytes insert_rows_json insert_rows insert_one insert_many upload_from_string
    upload_from_file upload_from_filename upload_blob log_struct to_csv to_parquet to_gbq to_sql put_object put_item
    upload_fileobj write_csv write_parquet append_row load_table_from_json load_table_from_dataframe xadd add_document
    add_all bulk_save_objects""".split()
)
"""Methods that say by their name that they store, whatever the object is."""

LIKELY = pattern(
    r"(^|[._])(f|fh|fp|file|out|outfile|log_file|output|csv_file|json_file|handle|buffer_file)\.write(lines)?$"
    r"|(^|[._])(db|session|conn|connection|cursor|cur|database)(\(\))?(\.session)?\.(add|execute|executemany|insert|merge|save)$"
    r"|(^|[._])(collection|table|doc_ref|document|col)\.(insert|insert_one|add|set|put)$",
    re.IGNORECASE,
)
"""How code puts calls that store, where the object is unknown."""

QUERY = pattern(r"\s*(select|create|drop|alter|pragma|begin|commit|delete|with)\b", re.IGNORECASE)
"""Beginnings of SQL that adds nothing to a table."""

ADDING = pattern(r"\s*(insert|merge|update|replace)\b", re.IGNORECASE)
LOGGER = pattern(r"(^|[._])(logger|log|logging|LOGGER|LOG)\.(debug|info|warning|log)$")
TEMPORARY = pattern(r"tempfile\.|io\.(Bytes|String)IO")
PASSING = pattern(r"/(tmp|dev/shm)/|(\w*_)?(temp|tmp)(_?(file|path|name|image|audio)\w*)?$", re.IGNORECASE)
"""Paths, and names of variables that hold them, of files that are only there for the while."""

_UNKNOWN = pattern(r"\?|None|(dict|list|tuple)\b|object\(\)|(fastapi|starlette|flask)\.[\w.]+\(\)\.")


def stores(call: Call, names: Names, held: Iterable[str] = ()) -> bool:
    """Whether a call stores what it is given; `held` are the names of what an application's state holds there."""
    if call.decorates or in_memory(call):
        return False
    if call.name == "print":
        file = call.keyword("file")
        return file is not None and not file.name.startswith("sys.")
    known = not call.own and names.are((*call.names, *held), "collection.stores")
    method = call.written.rpartition(".")[2]
    likely = "." in call.written and method in TELLING_METHODS and not call.own
    if not known and not likely and LIKELY.search(call.written) and not call.own:
        likely = all(_UNKNOWN.match(name) for name in call.names)
    if method.startswith("query") and not adds_rows(call):
        return False
    return (known or likely) and not (method.startswith(("execute", "exec")) and reads_only(call))


def in_memory(call: Call) -> bool:
    """Whether what is written stays in memory or in a temporary file: a buffer, or a string that is given back."""
    if any(map(TEMPORARY.match, (*call.names, *call.handed))):
        return True
    path = call.argument(0, "path_or_buf") or call.keyword("path") or call.keyword("excel_writer")
    if path is not None and PASSING.match(path.string if path.string is not None else path.text):
        return True
    return call.written.endswith((".to_csv", ".to_json", ".to_parquet")) and (path is None or path.name == "None")


def adds_rows(call: Call) -> bool:
    """Whether a query says by its own words that it adds something: most queries ask."""
    statement = call.argument(0, "query")
    return statement is not None and bool(ADDING.match(statement.string or ""))


def reads_only(call: Call) -> bool:
    """Whether the first argument of a database call is SQL that adds nothing."""
    statement = call.argument(0, "statement")
    text = statement.string if statement is not None else None
    if text is None and statement is not None and statement.elements:
        text = statement.elements[0].string  # text("insert ...")
    if text is not None:
        return bool(QUERY.match(text))
    return statement is not None and any(name.rpartition(".")[2].startswith("select") for name in statement.names)


def logs(call: Call, names: Names) -> bool:
    """Whether a call writes to a log, or prints."""
    if call.name == "print" or names.are(call.names, "collection.logs"):
        return True
    return all(_UNKNOWN.match(name) for name in call.names) and bool(LOGGER.search(call.written)) and not call.own


def is_structured(call: Call, project: PythonProject) -> bool:
    """Whether a log call writes an entry that can be read back by its fields.

    JSON ("Structured logging", Cloud Logging), extra fields, structlog, or any entry once the root logger sends to Cloud
    Logging.
    """
    if any(name == "json.dumps()" for value in call.args for name in value.names):
        return True
    if call.name == "print":
        return False
    if call.keyword("extra") is not None or any(
        ".bind()" in name or name.startswith("structlog.") for name in call.names
    ):
        return True
    if any(name.startswith("loguru.") for name in call.names) and any(
        sink.keyword("serialize") is not None for sink in project.calls("loguru.logger.add", live=True)
    ):
        return True
    return bool(project.calls("google.cloud.logging.*.setup_logging", "google.cloud.logging*Handler", live=True))
