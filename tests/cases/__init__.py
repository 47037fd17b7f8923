"""The runner of the cases in fixtures/cases, and audits of the sample groups."""
