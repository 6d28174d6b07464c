"""`python -m footnote.app`: the same as `footnote`."""

from footnote.app.cli.main import app

if __name__ == "__main__":
    app(prog_name="footnote")
