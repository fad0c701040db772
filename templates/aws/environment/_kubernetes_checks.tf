  validation {
    condition = contains(
      [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
      ],
      var.kubernetes.log_retention_days
    )
    error_message = "CloudWatch keeps logs for 30, 60, 90, 120, 150, 180, 365 or 400 days, or another period that CloudWatch supports."
  }
