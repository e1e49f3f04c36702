"""Site files: one TOML file is one site and one spider."""
