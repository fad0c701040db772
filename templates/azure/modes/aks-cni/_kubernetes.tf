{% set default_pods_per_node = 30 %}
{% include "azure/environment/_kubernetes.tf.j2" %}
