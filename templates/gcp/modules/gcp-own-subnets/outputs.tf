output "subnet_cidrs" {
  description = "Ranges of the subnets, by name."
  value       = { for name, subnet in google_compute_subnetwork.own : name => subnet.ip_cidr_range }
}

output "subnet_ids" {
  description = "Ids of the subnets, by name."
  value       = { for name, subnet in google_compute_subnetwork.own : name => subnet.id }
}
