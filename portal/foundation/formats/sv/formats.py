TIME_FORMAT = "H.i"
# No line ends between "kl." and the time.
DATETIME_FORMAT = "j F Y \\k\\l.\N{NO-BREAK SPACE}H.i"
