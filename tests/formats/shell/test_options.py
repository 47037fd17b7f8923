from __future__ import annotations

import pytest

from auditor.formats.shell.options import value_of, values_of


@pytest.mark.parametrize(
    ("command", "names", "values"),
    [
        ("docker build -f api.dockerfile .", ("-f", "--file"), ["api.dockerfile"]),
        ("docker build --file=api.dockerfile .", ("-f", "--file"), ["api.dockerfile"]),
        ("docker build -t a --tag b --tag=c .", ("-t", "--tag"), ["a", "b", "c"]),
        ("docker build . -f", ("-f",), []),
        ("docker build f=x file x", ("-f", "--file"), []),
    ],
)
def test_values_of_an_option(command: str, names: tuple[str, ...], values: list[str]) -> None:
    assert values_of(command.split(), *names) == values
    assert value_of(command.split(), *names) == (values[0] if values else "")
