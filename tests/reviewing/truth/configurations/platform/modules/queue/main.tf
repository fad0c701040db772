variable "name" {
  type = string
}

variable "delay" {
  type    = number
  default = 0
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "fifo" {
  type    = bool
  default = false
}

locals {
  full_name = var.fifo ? format("%s.fifo", var.name) : var.name
}

resource "aws_sqs_queue" "this" {
  name                       = local.full_name
  fifo_queue                 = var.fifo
  delay_seconds              = var.delay
  visibility_timeout_seconds = max(30, var.delay * 2)
  tags                       = { for key, value in var.tags : upper(key) => value }
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.url
  policy    = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.this.arn]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

output "arn" {
  value = aws_sqs_queue.this.arn
}
