"""APIs made by code: domains, complexity as a target, worlds that answer, similar tools."""
