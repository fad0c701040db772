output "members" {
  description = "Service agents that may use the subnet."
  value       = { for name, grant in google_compute_subnetwork_iam_member.this : name => grant.member }
}
