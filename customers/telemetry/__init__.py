"""What the service says of its own work: figures, log lines, traces. Pure: no Django, no Celery, no settings.

The ground floor below all apps, since each of them counts and logs. `config.observing` decides where it all goes.
"""
