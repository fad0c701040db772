"""The one part that opens connections: what an IPAM has, claims in it, and releases."""
