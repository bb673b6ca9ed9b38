"""Runs the benchmarks (all, or those named) and prints one line per figure."""

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if path.stem not in ("__init__", "__main__", "bare", "load", "servers")
)


def report(name: str, value: float, unit: str, target: str) -> None:
    """`target` in words, beside the value: machines are noisy, and a miss is for a person to judge."""
    print(f"{name:<62} {value:>10,.4g} {unit:<12} {target}", flush=True)


def main() -> int:
    wanted = sys.argv[1:] or NAMES
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    failed = []
    for name in wanted:
        print(f"== {name}", flush=True)
        try:
            import_module(f"benchmarks.{name}").main(report)
        except Exception as error:  # the others still run
            print(f"{name} did not run: {type(error).__name__}: {error}", file=sys.stderr)
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
