from __future__ import annotations

from auditor.facts.history.commits import Person
from auditor.facts.history.mailmap import mapped, parse_mailmap


def test_mailmap() -> None:
    lines = parse_mailmap(
        "# comment\nAda Lovelace <ada@x.dk>\n<bo@x.dk> <bo@y.dk>\nCy Young <cy@x.dk> <root@y.dk>\n"
        "Di Dot <di@x.dk> root <root@y.dk>\nrubbish\n<<>>\n"
    )
    assert mapped(Person("queen", "ADA@x.dk"), lines) == Person("Ada Lovelace", "ada@x.dk")
    assert mapped(Person("Bo", "bo@y.dk"), lines) == Person("Bo", "bo@x.dk")
    assert mapped(Person("admin", "root@y.dk"), lines) == Person("Cy Young", "cy@x.dk")
    assert mapped(Person("root", "root@y.dk"), lines) == Person("Di Dot", "di@x.dk")
    assert mapped(Person("Eve", "eve@x.dk"), lines) == Person("Eve", "eve@x.dk")
