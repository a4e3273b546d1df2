"""The options by which commands learn what tokens cost, and what a run may spend."""

import argparse

from fc_distilabel.cli.options import positive


def add_prices(parser: argparse.ArgumentParser) -> None:
    """Add the prices."""
    parser.add_argument(
        "--price-in",
        type=_price,
        metavar="P",
        help="dollars for a million tokens of prompts, whatever model reads them",
    )
    parser.add_argument(
        "--price-out",
        type=_price,
        metavar="Q",
        help="dollars for a million tokens of completions",
    )


def add_budget(parser: argparse.ArgumentParser) -> None:
    """Add the limits of a run, and the prices that one of them needs."""
    parser.add_argument(
        "--max-tokens",
        type=positive,
        metavar="N",
        help="tokens that the run may spend, its earlier tries included",
    )
    parser.add_argument(
        "--max-cost",
        type=_limit,
        metavar="X",
        help="dollars that it may spend; needs both prices",
    )
    add_prices(parser)


def _price(text: str) -> float:
    value = _number(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of dollars from 0 up")
    return value


def _limit(text: str) -> float:
    value = _number(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of dollars above 0")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0
