"""What a text says, as facts in one spelling: numbers, dates, times, codes, quantities and names.

Imports point down: `calendar` > `quantities` > `numbers` > `mention`, `patterns` > `dates` too;
`names` and `pinyin` stand apart, and all of them may use `text`.
"""
