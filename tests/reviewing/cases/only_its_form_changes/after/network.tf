# Moved to a file of its own, and written differently.
locals { names = [
  "a",
  "b", # the second
] }

resource "aws_vpc" "main" {
  tags       = { Team = "network", Name = "main" }
  cidr_block = ("10.0.0.0/16")
}
