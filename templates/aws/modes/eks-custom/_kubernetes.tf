{% include "aws/modes/eks/_kubernetes.tf" %}
