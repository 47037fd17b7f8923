"""What an audit says: frozen types that are the JSON, and the masking of secrets in them."""
