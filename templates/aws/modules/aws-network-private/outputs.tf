output "nat_addresses" {
  description = "Public addresses of nodes, by the public subnet of the NAT gateway."
  value       = { for name, gateway in aws_nat_gateway.this : name => gateway.public_ip }
}

output "node_subnet_cidrs" {
  description = "Ranges of the node subnets, by name."
  value       = { for name, subnet in aws_subnet.nodes : name => subnet.cidr_block }
}

output "node_subnet_ids" {
  description = "Ids of the node subnets, by name."
  value       = { for name, subnet in aws_subnet.nodes : name => subnet.id }

  # Nodes need internet access when they start, or they fail to join.
  depends_on = [aws_route.nat, aws_route_table_association.nodes, aws_route_table_association.public]
}

output "node_subnet_zones" {
  description = "Zones of the node subnets, by name."
  value       = { for name, subnet in aws_subnet.nodes : name => subnet.availability_zone }
}

output "owner_id" {
  description = "AWS account that owns the VPC."
  value       = aws_vpc.this.owner_id
}

output "public_subnet_cidrs" {
  description = "Ranges of the public subnets, by name."
  value       = { for name, subnet in aws_subnet.public : name => subnet.cidr_block }
}

output "route_table_ids" {
  description = "Ids of all route tables of the VPC, by name: each needs a route to the Kurrent network."
  value = merge(
    { for name, table in aws_route_table.nodes : name => table.id },
    {
      main   = aws_vpc.this.main_route_table_id
      public = aws_route_table.public.id
    },
  )
}

output "vpc_cidr_block" {
  description = "Range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}
