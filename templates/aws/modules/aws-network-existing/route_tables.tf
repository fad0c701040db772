data "aws_route_tables" "all" {
  vpc_id = var.vpc_id
}

locals {
  chosen_route_tables  = coalescelist(tolist(var.route_table_ids), data.aws_route_tables.all.ids)
  foreign_route_tables = setsubtract(local.chosen_route_tables, data.aws_route_tables.all.ids)
}
