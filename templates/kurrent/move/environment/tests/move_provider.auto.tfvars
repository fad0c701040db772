# Tests have nothing to move.
kurrent_ids = null
