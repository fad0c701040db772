output "route_table_ids" {
  description = "Ids of the route tables that the pods use, by pod subnet."
  value       = { for name, association in aws_route_table_association.pods : name => association.route_table_id }
}
