"""HCL as it is read: text becomes blocks and expressions as frozen objects. Nothing here computes a value."""
