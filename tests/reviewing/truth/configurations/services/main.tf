provider "aws" {
  region = var.region
}

locals {
  services = {
    for name, service in var.services : name => merge(local.defaults, { for key, value in service : key => value if value != null })
  }
  defaults = {
    cpu      = 256
    memory   = 512
    count    = 1
    port     = 8080
    priority = 100
    public   = false
  }
  public  = { for name, service in local.services : name => service if service.public }
  vpc_id  = "vpc-0d0d0d0d0d0d0d0d0"
  subnets = ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"]
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.insights ? "enabled" : "disabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  for_each = local.services

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name         = each.key
      image        = "${var.registry}/${each.key}:${var.tag}"
      essential    = true
      portMappings = [{ containerPort = each.value.port, protocol = "tcp" }]
      environment = [
        { name = "LOG_LEVEL", value = "info" },
        { name = "REGION", value = var.region },
      ]
    }
  ])
}

resource "aws_ecs_service" "this" {
  for_each = local.services

  name                               = each.key
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this[each.key].arn
  desired_count                      = each.value.count
  launch_type                        = "FARGATE"
  enable_execute_command             = false
  deployment_minimum_healthy_percent = 50

  network_configuration {
    subnets          = local.subnets
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = each.value.public ? [1] : []
    content {
      target_group_arn = aws_lb_target_group.this[each.key].arn
      container_name   = each.key
      container_port   = each.value.port
    }
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_security_group" "tasks" {
  name   = "${var.name}-tasks"
  vpc_id = local.vpc_id

  dynamic "ingress" {
    for_each = distinct([for service in local.services : service.port])
    content {
      from_port       = ingress.value
      to_port         = ingress.value
      protocol        = "tcp"
      security_groups = [aws_security_group.lb.id]
    }
  }
}

resource "aws_security_group" "lb" {
  name        = "${var.name}-lb"
  description = "Public"
  vpc_id      = local.vpc_id
}

resource "aws_lb" "this" {
  name                       = substr("${var.name}-public-balancer", 0, 32)
  internal                   = false
  load_balancer_type         = "application"
  subnets                    = local.subnets
  security_groups            = [aws_security_group.lb.id]
  idle_timeout               = 60
  enable_deletion_protection = true

  dynamic "access_logs" {
    for_each = var.log_bucket[*]
    content {
      bucket  = access_logs.value
      enabled = true
    }
  }
}

resource "aws_lb_target_group" "this" {
  for_each = local.public

  name        = "${var.name}-${each.key}"
  port        = each.value.port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = local.vpc_id

  health_check {
    path     = "/health"
    interval = 30
    matcher  = "200-299"
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.this.arn

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "not found"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "this" {
  for_each = local.public

  listener_arn = aws_lb_listener.https.arn
  priority     = each.value.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[each.key].arn
  }

  condition {
    host_header {
      values = ["${each.key}.${var.domain}"]
    }
  }
}

resource "aws_acm_certificate" "this" {
  domain_name               = var.domain
  subject_alternative_names = ["*.${var.domain}"]
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_zone" "this" {
  name    = var.domain
  comment = "Services"
}

resource "aws_route53_record" "this" {
  for_each = local.public

  zone_id = aws_route53_zone.this.zone_id
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "text" {
  zone_id = aws_route53_zone.this.zone_id
  name    = "_dmarc"
  type    = "TXT"
  ttl     = 300
  records = ["v=DMARC1; p=none"]
}

resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  max_session_duration = 3600
  assume_role_policy   = templatefile("${path.module}/trust.json.tftpl", { service = "ecs-tasks", actions = ["sts:AssumeRole"] })
}

resource "aws_iam_role_policy" "execution" {
  name = "logs"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
    ]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.services

  name              = format("/ecs/%s/%s", var.name, each.key)
  retention_in_days = 14
}

resource "aws_appautoscaling_target" "this" {
  for_each = local.public

  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this[each.key].name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = max(each.value.count * 3, 4)
}

resource "aws_instance" "bastion" {
  count = var.bastions

  ami                         = "ami-0a1b2c3d4e5f60718"
  instance_type               = "t3.micro"
  subnet_id                   = element(local.subnets, count.index)
  vpc_security_group_ids      = [aws_security_group.lb.id]
  associate_public_ip_address = true
  key_name                    = "operators"
  user_data                   = file("${path.module}/bastion.sh")

  root_block_device {
    volume_size = 20
    encrypted   = true
  }

  tags = {
    Name = "${var.name}-bastion-${count.index}"
  }
}

resource "aws_eip" "bastion" {
  count = length(aws_instance.bastion)

  instance = aws_instance.bastion[count.index].id
  domain   = "vpc"
}

resource "aws_lambda_function" "resize" {
  function_name = "${var.name}-resize"
  role          = aws_iam_role.execution.arn
  package_type  = "Image"
  image_uri     = "${var.registry}/resize:${var.tag}"
  timeout       = 30
  memory_size   = 512
  architectures = ["arm64"]

  environment {
    variables = {
      CLUSTER = aws_ecs_cluster.this.name
      TOPIC   = "images"
    }
  }
}

resource "aws_lambda_permission" "resize" {
  statement_id  = "bucket"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.resize.function_name
  principal     = "s3.amazonaws.com"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = toset(keys(local.public))

  alarm_name          = "${var.name}-${each.value}-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "HTTPCode_Target_5XX_Count"
  namespace           = "AWS/ApplicationELB"
  period              = 60
  statistic           = "Sum"
  threshold           = 10

  dimensions = {
    LoadBalancer = aws_lb.this.arn_suffix
    TargetGroup  = aws_lb_target_group.this[each.value].arn_suffix
  }
}
