"""The page about essays that speak to the judge."""


def text_tables(figures):
    return ""
