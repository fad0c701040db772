"""From a plan to text: Terraform, tables, diagrams. Nothing here touches the user's disk."""
