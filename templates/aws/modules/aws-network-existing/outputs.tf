output "owner_id" {
  description = "AWS account that owns the VPC."
  value       = data.aws_vpc.this.owner_id
}

output "ranges" {
  description = "Ranges that must reach the database, by name; each is in a CIDR block of the VPC."
  value       = var.ranges

  precondition {
    condition     = length(local.ranges_outside) == 0
    error_message = "${var.vpc_id} does not contain ${join(", ", local.ranges_outside)}: its CIDR blocks are ${join(", ", local.network_ranges)}."
  }
}

output "route_table_ids" {
  description = "Ids of the route tables that need a route to the Kurrent network, by id."
  value       = { for id in local.chosen_route_tables : id => id }

  precondition {
    condition     = length(local.foreign_route_tables) == 0
    error_message = "${join(", ", local.foreign_route_tables)} belongs to another VPC than ${var.vpc_id}."
  }
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = data.aws_vpc.this.id
}
