"""Hugging Face tokenizers in the parent, then in forks of it, which their own default makes serial."""

import multiprocessing

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from told import tell

TOKENIZER = Tokenizer(WordLevel({"a": 0, "b": 1, "[UNK]": 2}, unk_token="[UNK]"))  # noqa: S106
TOKENIZER.pre_tokenizer = Whitespace()


def encode(_: int) -> int:
    return sum(len(found.ids) for found in TOKENIZER.encode_batch(["a b a c"] * 20000))


if __name__ == "__main__":
    alone = encode(0)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        tell([alone, *pool.map(encode, range(4))])
