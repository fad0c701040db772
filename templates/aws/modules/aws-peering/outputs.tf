output "connection_id" {
  description = "Id of the accepted peering connection."
  value       = aws_vpc_peering_connection_accepter.this.vpc_peering_connection_id
}

output "routes" {
  description = "Target of the route to the Kurrent network, by route table."
  value       = { for table, route in aws_route.kurrent : table => route.destination_cidr_block }
}
