"""What every request passes before a route, and every response after it.

    edge -> request_ids -> hosts -> the application -> security_headers -> metrics, a line of the log

Open `edge.py` first.
"""
