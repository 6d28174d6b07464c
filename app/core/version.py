"""The version, as the manifest and the HTTP service state it."""

VERSION = "0.1.0"
