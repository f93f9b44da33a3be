"""make prove: what takes too long for make test, with its evidence in docs/evidence/.

A part is a function without arguments that returns the lines of its page; it stands
in PARTS in __main__.py under the name of the page.
"""
