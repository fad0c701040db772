"""What was asked: the spec as frozen objects, its reading and its editing."""
