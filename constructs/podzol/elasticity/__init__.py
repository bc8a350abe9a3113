"""What happened on a cluster: recorded, told in words, drawn.

`recorder` writes a recording, a folder of JSON lines (`records`); `timeline` and `narrative` read it; `report` makes a
page and a Markdown form of it. Names are imported from their modules, for each has its own weight.
"""
