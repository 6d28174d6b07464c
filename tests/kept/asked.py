"""What the tests of kept answers ask, and when."""

PORT = "Which port does Relay listen on?"
CUP = "Who won the football world cup in 1998?"
DAY = 86_400
