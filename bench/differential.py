"""Compares the endpoint with the native Oxigraph server on many generated queries, as tests/server/test_differential.py does on some.

    python bench/differential.py --store STORE [--count 1000] [--seed 7]

Prints how many queries were compared, in how many answers of how many formats, and each one that differs.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from comparison import assert_alike
from questions import generated_questions, read_questions
from served import kg_serve, oxigraph_serve


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--store", type=Path, required=True)
    options.add_argument("--count", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    questions = [*read_questions(), *generated_questions(given.count, given.seed)]
    differ = 0
    with ExitStack() as stack:
        servers = stack.enter_context(kg_serve(given.store)), stack.enter_context(oxigraph_serve(given.store))
        for question in questions:
            try:
                assert_alike(*servers, question)
            except AssertionError as error:
                differ += 1
                print(f"{question.name} differs: {question.text}\n{str(error)[:500]}")
    print(f"{len(questions)} queries compared in all formats of their answers; {differ} differ")
    raise SystemExit(bool(differ))


if __name__ == "__main__":
    main()
