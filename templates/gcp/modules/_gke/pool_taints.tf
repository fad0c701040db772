locals {
  # How GKE writes what kubectl writes.
  taint_effects = {
    NoExecute        = "NO_EXECUTE"
    NoSchedule       = "NO_SCHEDULE"
    PreferNoSchedule = "PREFER_NO_SCHEDULE"
  }
}
