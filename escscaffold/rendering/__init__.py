"""From a plan to text: Terraform, tables, pages. Nothing here touches the user's disk."""
