"""All mail of the site: within bounds (`budget`) and handed to a mail server (`delivery`)."""
