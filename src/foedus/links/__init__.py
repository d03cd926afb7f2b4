"""What others call the things of the graph: candidates sought elsewhere, and our things served to be matched."""
