"""Golden values of libs/tensor/src/text by Hugging Face's tokenizers: normalisers, and one small tokenizer a model.

  pip install tokenizers==0.23.3
  python3 tools/golden/text.py

The tokenizers are trained here, on the sentences below.
"""

import json
import pathlib

import tokenizers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FILE = pathlib.Path(__file__).parents[2] / "libs/tensor/src/text/golden/tokenizer.json"
CORPUS = [
    "The quick brown fox jumps over the lazy dog, and the dog does not mind.",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "Le cœur déçu mais l'âme plutôt naïve, Louÿs rêva de crapaüter en canoë.",
    "Lower, lowest, newer, newest; wide, wider, widest. 1, 2, 3, 1984, 2026!",
    "She unbelievably underestimated the unbelievable underdogs' understanding.",
]
TEXTS = [
    "The lowest fox understands the widest river.",
    "Déçu, Viktor rêva  d'un NEWER Boxkämpfer…",
    "e\u0301tude Ångström ﬁancé ½ ① ﷺ",
    "漢字とかな 한국어 👩‍👧 🇨🇭",
    "tab\tnew\nline\r\nnull\u0000bell\u0007zero\u200bwidth\u00a0space\u3000wide\u2028 \u00ad \ufffd",
    "ΟΔΟΣ İstanbul straße ǅ",
    "[CLS] as a word <s> </s> [UNK]",
    "don't won't it's 3.14 1,000,000 $5 a_b C++ x@y.z",
    "   ",
    "",
]
FORMS = [
    ({"form": "NFC"}, normalizers.NFC()),
    ({"form": "NFKC"}, normalizers.NFKC()),
    ({"clean": True}, normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)),
    ({"lowercase": True}, normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=True)),
    ({"stripAccents": True}, normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)),
    ({"clean": True, "spaceIdeographs": True, "stripAccents": True, "lowercase": True}, normalizers.BertNormalizer()),
]


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=220, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def byte_level_bpe():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=360, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False))
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=150, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False))
    return tokenizer


def case(name, tokenizer):
    texts = []
    for text in TEXTS:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        texts.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True)})
    return {"name": name, "definition": json.loads(tokenizer.to_str()), "texts": texts}


def main():
    FILE.parent.mkdir(exist_ok=True)
    content = {
        "maker": "tools/golden/text.py",
        "reference": f"tokenizers {tokenizers.__version__}",
        "normalised": [
            {"options": options, "texts": [[text, normalizer.normalize_str(text)] for text in TEXTS]} for options, normalizer in FORMS
        ],
        "tokenizers": [case("WordPiece", word_piece()), case("byte-level BPE", byte_level_bpe()), case("Unigram", unigram())],
    }
    FILE.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
