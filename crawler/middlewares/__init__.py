"""What happens to a request and its response between the engine and the network."""
