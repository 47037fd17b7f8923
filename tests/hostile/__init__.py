"""A corpus of hostile repositories, made by code, and what runs and checks an audit of each.

A case is the honest sample group and one hostile thing. `registry` names the cases, the `*_cases` modules make them, `ground`
is where they are made, `driver` audits them in a process that records what is done, `checks` holds the outcome against what is
promised.
"""
