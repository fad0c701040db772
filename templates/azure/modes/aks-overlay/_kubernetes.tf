{% set default_pods_per_node = 250 %}
{% include "azure/environment/_kubernetes.tf.j2" %}
