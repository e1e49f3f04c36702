"""Site files of the demo publishers."""
