from __future__ import annotations

import time

from support.python_code import ACROSS, Build

from auditor.facts.python.ancestry import ANCESTORS


def test_inheritance_goes_through_own_classes(project: Build) -> None:
    found = project({**ACROSS})
    assert [c.qualname for c in found.classes("torch.nn.Module")] == ["Base", "Net"]


def test_inheritance_is_told_at_any_distance_and_in_circles(project: Build) -> None:
    lines = ["import torch", "class A0(torch.nn.Module): pass"]
    lines += [f"class A{n}(A{n - 1}): pass" for n in range(1, 300)]
    lines += ["from shop.b import C", "class B(C): pass", "class D(D): pass", "class E: pass"]
    other = "from shop.a import B, A299\nclass C(B, A299): pass\n"
    found = project({"src/shop/a.py": "\n".join(lines) + "\n", "src/shop/b.py": other})
    heirs = [c.qualname for c in found.classes("torch.nn.*")]
    assert heirs == [*(f"A{n}" for n in range(300)), "B", "C"]
    last = found.class_("shop.a.A299")
    assert last and found.ancestors(last)[:2] == ("shop.a.A298", "shop.a.A297")
    assert len(found.ancestors(last)) == ANCESTORS


def test_a_long_line_of_classes_takes_linear_time(project: Build) -> None:
    count = 5_000  # by the square of it: minutes
    code = "class A0: pass\n" + "".join(f"class A{n}(A{n - 1}): pass\n" for n in range(1, count))
    found = project({"src/shop/a.py": code})
    started = time.perf_counter()
    assert not found.classes("torch.nn.Module") and len(found.classes("shop.a.A0")) == count - 1
    assert time.perf_counter() - started < 2


def test_of_classes_of_one_name_the_last_is_inherited_from(project: Build) -> None:
    code = "import torch\nclass A(torch.nn.Module): pass\nclass A: pass\nclass B(A): pass\n"
    found = project({"src/shop/a.py": code})
    assert [(c.qualname, c.line) for c in found.classes("torch.nn.Module")] == [("A", 2)]
