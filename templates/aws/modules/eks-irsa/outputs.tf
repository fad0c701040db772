output "issuer" {
  description = "The issuer without https://, for conditions of trust policies."
  value       = trimprefix(aws_iam_openid_connect_provider.this.url, "https://")
}

output "provider_arn" {
  description = "ARN of the OIDC provider, the principal of roles for service accounts."
  value       = aws_iam_openid_connect_provider.this.arn
}
