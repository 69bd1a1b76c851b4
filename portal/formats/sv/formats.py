TIME_FORMAT = "H.i"
DATETIME_FORMAT = r"j F Y \k\l. H.i"
