output "issuer" {
  description = "The issuer without https://, as the conditions of a role's trust policy begin."
  value       = trimprefix(aws_iam_openid_connect_provider.this.url, "https://")
}

output "provider_arn" {
  description = "ARN of the OIDC provider, the principal of roles for service accounts."
  value       = aws_iam_openid_connect_provider.this.arn
}
