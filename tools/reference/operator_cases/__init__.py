"""Cases of operators, one module a family, each a list `CASES`."""
