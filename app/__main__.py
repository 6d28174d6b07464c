"""`python -m app`: the same as `footnote`."""

from app.cli import app

if __name__ == "__main__":
    app(prog_name="footnote")
