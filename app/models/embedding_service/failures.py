"""failures: what a request to an embedding server can come to, apart from vectors."""


class Refused(Exception):
    """It will never be answered. The message says why and what to do."""


class TooLarge(Exception):
    """It holds more than the server takes; the message is what the server said."""


class Later(Exception):
    """It may be answered at another time.

    Attributes:
        after_s: how long the server wants to be left alone; None where it does not say.
        is_limit: the server answers, but wants fewer requests.
        is_first_contact: nothing listens there, or it cannot be reached: a wrong address looks like that too.
    """

    def __init__(
        self, message: str, after_s: float | None = None, is_limit: bool = False, is_first_contact: bool = False
    ) -> None:
        super().__init__(message)
        self.after_s = after_s
        self.is_limit = is_limit
        self.is_first_contact = is_first_contact


class NoVectors(Exception):
    """What came is no vector of each text: nothing of it can be used."""
