"""`/healthz`: the process is up. `/readyz`: everything it needs is there, each named."""
