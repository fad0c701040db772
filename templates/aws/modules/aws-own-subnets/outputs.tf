output "subnet_cidrs" {
  description = "Ranges of the subnets, by name."
  value       = { for name, subnet in aws_subnet.own : name => subnet.cidr_block }
}

output "subnet_ids" {
  description = "Ids of the subnets, by name."
  value       = { for name, subnet in aws_subnet.own : name => subnet.id }
}

output "subnet_zones" {
  description = "Zones of the subnets, by name."
  value       = { for name, subnet in aws_subnet.own : name => subnet.availability_zone }
}
