# Written by escscaffold. Edit escscaffold.toml and run `escscaffold generate` instead of editing here.

output "node_subnet_cidrs" {
  description = "Ranges of the node subnets, by name."
  value       = { for name, subnet in aws_subnet.nodes : name => subnet.cidr_block }
}

output "node_subnet_ids" {
  description = "Ids of the node subnets, by name."
  value       = { for name, subnet in aws_subnet.nodes : name => subnet.id }

  # A node that starts before its way to the internet is there fails to join.
  depends_on = [aws_route.internet, aws_route_table_association.nodes]
}

output "node_subnet_zones" {
  description = "Zones of the node subnets, by name."
  value       = { for name, subnet in aws_subnet.nodes : name => subnet.availability_zone }
}

output "owner_id" {
  description = "AWS account that owns the VPC."
  value       = aws_vpc.this.owner_id
}

output "route_table_ids" {
  description = "Ids of all route tables of the VPC, by name: each needs a route to the Kurrent network."
  value = {
    main   = aws_vpc.this.main_route_table_id
    public = aws_route_table.public.id
  }
}

output "vpc_cidr_block" {
  description = "Range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}
