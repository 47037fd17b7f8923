"""The claims of the DTU course 02476 and the rules that gather evidence for them.

`catalog.yaml` lists the claims, one module per course module holds their rules, a function each. A rule asks for facts by
the type of its parameters and yields parts; `CONTRIBUTING.md` shows how to add one.
"""
