"""Reads metrics from standard input with Prometheus' own parser; prints each family as a line."""

import sys

from prometheus_client.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    assert family.documentation, family.name
    print(family.type, family.name, len(family.samples))
