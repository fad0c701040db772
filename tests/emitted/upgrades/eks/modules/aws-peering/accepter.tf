# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

# Kurrent Cloud asks for the peering, and AWS waits for the owner of the VPC to accept it.
resource "aws_vpc_peering_connection_accepter" "this" {
  vpc_peering_connection_id = var.peering_link_id
  auto_accept               = true

  tags = { Name = "kurrent-${var.name}" }

  lifecycle {
    postcondition {
      condition     = self.accept_status == "active"
      error_message = "The peering connection ${self.id} is ${self.accept_status}, not active: nothing crosses it. AWS says why in its console, under Peering connections."
    }
  }
}
