output "public_addresses" {
  description = "Public addresses of pods, by pod subnet."
  value       = { for name, gateway in aws_nat_gateway.this : name => gateway.public_ip }
}

output "route_table_ids" {
  description = "Ids of the pods' route tables, by pod subnet: each needs a route to the Kurrent network."
  value       = { for name, table in aws_route_table.pods : name => table.id }
}
