# Kurrent Cloud requests the peering, and the owner of the VPC accepts it.
resource "aws_vpc_peering_connection_accepter" "this" {
  vpc_peering_connection_id = var.peering_link_id
  auto_accept               = true

  tags = { Name = "kurrent-${var.name}" }

  lifecycle {
    postcondition {
      condition     = self.accept_status == "active"
      error_message = "The peering connection ${self.id} is ${self.accept_status}, not active. The AWS console has the reason, under Peering connections."
    }
  }
}
