"""Speed and memory, each measured against what a user would use instead."""
