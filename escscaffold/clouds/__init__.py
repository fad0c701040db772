"""The clouds' facts, read from the folder that holds their templates."""
