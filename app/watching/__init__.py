"""What operators see of a service at work: figures and traces.

    answers, searches, requests, the queue -> metrics -> exposition (with live_index, at each scrape) -> `/metrics`
    stages (app/core/spans.py) -> traces -> OpenTelemetry

Open `metrics.py` first.
"""
