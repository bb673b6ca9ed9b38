"""`convive plan FILE.json`: reads one placement, speed-dating or table problem, prints one answer as JSON.

Without web or database. Exit status 2, and one line on stderr that names the field, when the file is no
problem or the problem has no answer.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import msgspec

from events_app.matching.files.planning import PlanOptions, PlanRefused, read_problem

PLANNERS = {
    "workshop": "events_app.matching.files.workshops",
    "workshop_reassign": "events_app.matching.files.workshops",
    "speed": "events_app.matching.files.networking",
    "speed_required": "events_app.matching.files.networking",
    "tables": "events_app.matching.files.networking",
}
OBJECTIVES = ("guarantee", "generous", "greedy", "squares", "draw")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _arguments(subparsers.add_parser("plan", help="place people: workshops, speed-dating, tables"))


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.json", help="the problem (see docs)")
    parser.add_argument("--objective", choices=OBJECTIVES, default="guarantee", help="what is best")
    parser.add_argument("--seed", type=int, default=0, help="of the draw between equals")
    parser.add_argument("--seconds", type=float, default=60.0, help="at most so long; default 60")


def run(args: argparse.Namespace) -> int:
    """Raises nothing for any file: what is wrong becomes one line."""
    options = PlanOptions(args.objective, args.seed, args.seconds, args.file.parent)
    try:
        if not args.seconds > 0:
            raise PlanRefused("--seconds: more than 0 needed")
        data = read_problem(args.file)
        kind = data.get("problem")
        if not isinstance(kind, str) or kind not in PLANNERS:
            raise PlanRefused(f"problem: one of {', '.join(PLANNERS)} expected")
        answer = import_module(PLANNERS[kind]).solve(data, options)
    except (ValueError, RecursionError) as error:  # PlanRefused, and the InvalidProblem of each feature
        print(f"{args.file}: {_one_line(error)}", file=sys.stderr)
        return 2
    except MemoryError:
        print(f"{args.file}: too large for the memory of this machine", file=sys.stderr)
        return 2
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    return 0


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


if __name__ == "__main__":
    standalone = argparse.ArgumentParser(prog="convive plan")
    _arguments(standalone)
    sys.exit(run(standalone.parse_args()))
