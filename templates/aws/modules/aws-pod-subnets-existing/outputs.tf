output "pod_subnet_cidrs" {
  description = "Ranges of the pod subnets, by name."
  value       = { for name, subnet in data.aws_subnet.pods : name => subnet.cidr_block }
}

output "pod_subnet_ids" {
  description = "Ids of the pod subnets, by name."
  value       = { for name, subnet in data.aws_subnet.pods : name => subnet.id }
}

output "zonal_subnet_ids" {
  description = "Ids of the pod subnets, by zone."
  value       = { for subnet in data.aws_subnet.pods : subnet.availability_zone => subnet.id }
}
