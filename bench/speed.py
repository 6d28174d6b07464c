"""Speed of Footnote against peers: ingest, retrieval by corpus size, and a service under load.

    pip install -c constraints.txt -e '.[bench]'
    python bench/speed.py ingest DOCS [DOCS ...] [--runs 2]
    python bench/speed.py query --docs DOCS [DOCS ...] --questions FILE [FILE ...] --work FOLDER
                                [--sizes 1000,10000,100000,250000] [--count 50] [--peer-up-to 10000]
    python bench/speed.py clients INDEX QUESTIONS [--clients 1,4,16,64] [--seconds 20] [--route query|search]
                                  [--ignore-retry-after]

Each prints tables in markdown, and with `--json FILE` writes the same numbers there. What they measure, and how, is in
bench/speed_ingest.py, bench/speed_query.py and bench/speed_clients.py. Let nothing else run meanwhile.
"""

import argparse
import importlib
import json
from pathlib import Path

COMMANDS = ("ingest", "query", "clients")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name in COMMANDS:
        # Not at the top: a process that `query` starts imports this file, and its memory is measured.
        command = importlib.import_module(f"speed_{name}")
        one = commands.add_parser(
            name, description=command.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_arguments(one)
        one.add_argument("--json", type=Path, metavar="FILE")
        one.set_defaults(run=command.run)
    given = parser.parse_args()
    report = given.run(given)
    print(report.text)
    if given.json:
        given.json.write_text(json.dumps(report.values, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
