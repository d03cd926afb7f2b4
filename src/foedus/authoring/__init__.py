"""From a text to a source's file: its clauses, a draft of what a person has to decide, and what moved since."""
