"""Reasoning: what follows from the graph, by which rule, from which premises, and what in it clashes."""
