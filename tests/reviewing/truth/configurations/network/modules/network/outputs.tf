output "vpc_id" {
  value = aws_vpc.this.id
}

output "private_subnet_ids" {
  value = values(module.private.ids)
}

output "private_route_tables" {
  value = module.private.route_table_ids
}
