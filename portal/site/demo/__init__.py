"""The demo site: content in readable files, and what turns it into a living site.

`content/` holds words and numbers, `media/` photographs with their credits. Everything that looks
random is drawn from a seeded generator, so that every demo site of a day looks the same.
"""
