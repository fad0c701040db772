locals {
  days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  # Weekly, from the first such day of 2024, whose 1 January was a Monday; null if GKE chooses the
  # time.
  maintenance = [
    for number, day in local.days : {
      day   = upper(substr(day, 0, 2))
      start = "2024-01-0${number + 1}T${var.settings.maintenance_start}:00Z"
    } if day == var.settings.maintenance_day
  ]
}
