{% set default_pods_per_node = 110 %}
{% include "azure/environment/_kubernetes.tf.j2" %}
