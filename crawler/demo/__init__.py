"""The bundled demo: three invented publishers and the loopback server that plays them."""
