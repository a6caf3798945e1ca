"""The only package, beside the references, that opens sockets."""
