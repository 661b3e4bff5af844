"""The channels that are looked into by themselves: folder, news feed, web page, mailbox, calendar; one file each.

A channel is a function `poll(source, memory, *, now, tools) -> Outcome`. It receives what is new through
`communiques.intake` and remembers in `memory`, a JSON value of its own, what it need not look at again. Done twice it
is done once: what was received is recognised by its identity.
"""
