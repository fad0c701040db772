"""HCL: text becomes blocks and expressions as frozen objects, and expressions become values."""
