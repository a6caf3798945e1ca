"""Files of objects: read piece by piece, and judged as the answers that would have brought them."""
