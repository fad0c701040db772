# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "connection_id" {
  description = "Id of the accepted peering connection."
  value       = aws_vpc_peering_connection_accepter.this.vpc_peering_connection_id
}

output "routes" {
  description = "Where each route table sends to the Kurrent network, by the table's name."
  value       = { for table, route in aws_route.kurrent : table => route.destination_cidr_block }
}
