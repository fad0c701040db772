variable "login" {
  type = string
}

variable "email" {
  type = string
}

variable "path" {
  type = string
}

variable "boundary" {
  type    = string
  default = null
}

variable "is_admin" {
  type    = bool
  default = false
}

resource "aws_iam_user" "this" {
  name                 = var.login
  path                 = var.path
  permissions_boundary = var.boundary
  force_destroy        = true

  tags = {
    email = var.email
  }
}

resource "aws_iam_user_policy_attachment" "admin" {
  count = var.is_admin ? 1 : 0

  user       = aws_iam_user.this.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

output "name" {
  value = aws_iam_user.this.name
}
