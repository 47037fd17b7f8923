"""Results as workbooks and CSV."""
