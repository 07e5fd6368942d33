"""The names of the embedded service's threads, known also to those who never start one."""

DOCUMENTS = "embedded-documents"
WEBHOOKS = "embedded-webhooks"
BEAT = "embedded-beat"
