"""How people are reached on their phones: what holds where nothing else is set."""

# The push services of browsers: Chrome, Firefox, Edge, Safari. No other server is written to.
PUSH_SERVICES = [
    "https://fcm.googleapis.com",
    "https://*.push.services.mozilla.com",
    "https://*.notify.windows.com",
    "https://*.push.apple.com",
]
# What most gateways call the fields of a text.
SMS_FIELDS = {"sender": "from", "to": "to", "text": "message"}
