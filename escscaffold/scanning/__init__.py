"""CIDR blocks in what others wrote: Terraform, its state, and lists from an IPAM."""
