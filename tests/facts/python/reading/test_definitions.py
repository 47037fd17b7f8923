from __future__ import annotations

from support.python_code import Build

from auditor.facts.python import Role


def test_functions_and_classes(project: Build) -> None:
    found = project(
        {
            "src/shop/a.py": '''
                """The shop."""
                from dataclasses import dataclass
                import functools

                @dataclass
                class Order:
                    """An order."""
                    price: float = 1.0

                class Special(Order):
                    @staticmethod
                    def total(a: int, b=2, *args, **kw) -> int:
                        """Sum."""
                        if a:
                            return a + b
                        return 0

                @functools.lru_cache(maxsize=None)
                async def stub(x):
                    """Not yet."""
                    raise NotImplementedError
            '''
        }
    )
    (file,) = found.files
    assert (file.module, file.docstring, file.role, file.has_main_block) == ("shop.a", "The shop.", Role.OWN, False)
    total, stub = found.function("shop.a.Special.total"), found.function("shop.a.stub")
    assert total and stub
    assert [p.name for p in total.parameters] == ["a", "b", "args", "kw"]
    assert [p.annotation for p in total.parameters[:2]] == ["int", ""]
    assert total.parameters[1].default and total.parameters[1].default.literal == 2
    assert (total.owner, total.docstring, total.line, total.statements) == ("Special", "Sum.", 12, 4)
    assert total.annotated_return and total.annotated and not total.is_empty
    assert stub.is_empty and stub.is_async and stub.decorators[0].name == "functools.lru_cache"
    assert stub.line == 19
    special = found.class_("shop.a.Special")
    assert special and found.inherits(special, "*.Order") and special.methods == ("total",)
    order = found.class_("shop.a.Order")
    assert order and order.docstring == "An order." and order.decorators[0].name == "dataclasses.dataclass"
    assert [m.own_name for m in found.methods(special)] == ["total"]


def test_methods_under_a_condition_belong_to_their_class(project: Build) -> None:
    code = (
        "class Net:\n    if FAST:\n        def forward(self, x): ...\n    else:\n        def forward(self, x): ...\n"
        "    try:\n        import x\n        def up(self): ...\n    except ImportError:\n        def down(self): ...\n"
        "    class Inner:\n        def not_mine(self): ...\n    def plain(self):\n        def nested(): ...\n"
    )
    found = project({"net.py": code}).class_("net.Net")
    assert found is not None and found.methods == ("forward", "up", "down", "plain")
