"""Golden values of libs/tensor/src/numeric/float16.ts by numpy.

  pip install numpy==2.4.6
  python3 tools/golden/float16.py
"""

import hashlib
import json
import pathlib

import numpy as np

FILE = pathlib.Path(__file__).parents[2] / "libs/tensor/src/numeric/golden/float16.json"
EDGES = [0, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 1, 0x007FFFFF, 0x7F7FFFFF]
TIES = [0x477FEFFF, 0x477FF000, 0x477FF001, 0x33000000, 0x33000001, 0x33800000, 0x33C00000, 0x387FC000, 0x387FE000, 0x387FE001, 0x387FFFFF, 0x38800000]


def singles():
    """Edges, ties between two halves and their neighbours, and numbers at random of all sizes."""
    random = np.random.default_rng(16)
    halves = random.integers(0, 0x7BFF, 100, dtype=np.uint16)
    # Every half and every middle of two halves is a single.
    low, high = (half.view(np.float16).astype(np.float32) for half in (halves, halves + 1))
    middles = ((low + high) / 2).view(np.uint32)
    near = np.concatenate([middles - 1, middles, middles + 1])
    sizes = (random.normal(size=200) * 2.0 ** random.integers(-28, 18, 200)).astype(np.float32).view(np.uint32)
    return np.concatenate([np.array(EDGES + TIES, np.uint32), near, near | 0x80000000, sizes]).astype(np.uint32)


def main():
    bits = singles()
    with np.errstate(over="ignore"):
        halves = bits.view(np.float32).astype(np.float16).view(np.uint16)
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    numbers = every[~np.isnan(every)].astype("<f4")
    content = {
        "maker": "tools/golden/float16.py",
        "reference": f"numpy {np.__version__}",
        "singlesSha256": hashlib.sha256(numbers.tobytes()).hexdigest(),
        "singles": bits.tolist(),
        "halves": halves.tolist(),
    }
    FILE.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
