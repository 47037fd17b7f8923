"""One audit from end to end: facts to rules, rules to the judge, and all of it to a result."""
