output "node_subnet_cidrs" {
  description = "Ranges of the node subnets, by name."
  value       = { for name, subnet in data.aws_subnet.nodes : name => subnet.cidr_block }
}

output "node_subnet_ids" {
  description = "Ids of the node subnets, by name; EKS accepts them for a cluster."
  value       = { for name, subnet in data.aws_subnet.nodes : name => subnet.id }

  precondition {
    condition     = length(distinct(values(local.node_subnet_zones))) >= 2
    error_message = "EKS requires subnets in two zones; all node subnets are in ${join(", ", distinct(values(local.node_subnet_zones)))}."
  }

  precondition {
    condition     = length(local.refused_zones) == 0
    error_message = "EKS creates no cluster in ${join(", ", local.refused_zones)}: move the node subnet there to another zone."
  }

  precondition {
    condition     = data.aws_vpc.this.enable_dns_hostnames && data.aws_vpc.this.enable_dns_support
    error_message = "${var.vpc_id} has DNS hostnames or DNS support turned off: EKS nodes cannot register there."
  }
}

output "node_subnet_zones" {
  description = "Zones of the node subnets, by name."
  value       = local.node_subnet_zones
}

output "owner_id" {
  description = "AWS account that owns the VPC."
  value       = data.aws_vpc.this.owner_id
}

output "route_table_ids" {
  description = "Ids of the route tables that need a route to the Kurrent network, by id."
  value       = { for id in local.chosen_route_tables : id => id }

  precondition {
    condition     = length(local.foreign_route_tables) == 0
    error_message = "${join(", ", local.foreign_route_tables)} belongs to another VPC than ${var.vpc_id}."
  }
}

output "vpc_cidr_block" {
  description = "Planned range of the VPC, one of its CIDR blocks."
  value       = var.cidr_block

  precondition {
    condition     = contains(local.vpc_cidr_blocks, var.cidr_block)
    error_message = "${var.cidr_block} is not a CIDR block of ${var.vpc_id}, which has ${join(", ", local.vpc_cidr_blocks)}."
  }
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = data.aws_vpc.this.id
}
