resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/vpc/${var.name}/flow-logs"
  retention_in_days = var.retention_days

  #checkov:skip=CKV_AWS_158:CloudWatch encrypts logs with its own key; a customer key needs a key policy for CloudWatch.
}

resource "aws_flow_log" "this" {
  iam_role_arn             = aws_iam_role.this.arn
  log_destination          = aws_cloudwatch_log_group.this.arn
  max_aggregation_interval = 600
  traffic_type             = "ALL"
  vpc_id                   = var.vpc_id

  tags = { Name = "vpc-${var.name}" }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_iam_role" "this" {
  name = "flow-logs-${var.name}-${var.region}"

  # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "write-flow-logs"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Effect   = "Allow"
      Resource = "${aws_cloudwatch_log_group.this.arn}:*"
    }]
  })
}
