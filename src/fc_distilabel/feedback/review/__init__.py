"""The review dataset: what annotators see of a row, and what they are asked.

`names` are the names in Argilla, `settings` makes the dataset, `view` what a record shows, `inert`
the texts of a record that must not act in a browser, and `page` what other pages need to show it.
"""
