"""Models of a few kilobytes that a test makes, and fastembed loads from their folder like its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

EMBEDDER = "minishlab/potion-base-8M"
CROSS_ENCODER = "Xenova/ms-marco-MiniLM-L-6-v2"
TOKENS, PAD = 257, 0


def embedder(folder: Path, dimensions: int = 16) -> Path:
    """Token vectors of random numbers, averaged."""
    _tokenizer(folder)
    rows = np.random.default_rng(1).normal(size=(TOKENS, dimensions)).astype(np.float32)
    save_file({"embeddings": rows}, folder / "model.safetensors")
    return folder


def cross_encoder(folder: Path) -> Path:
    """The more often the letter z stands in question and text, the higher the score."""
    _tokenizer(folder)
    weights = np.zeros((TOKENS, 1), np.float32)
    weights[1 + sorted(pre_tokenizers.ByteLevel.alphabet()).index("z")] = 1.0
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["weights", "input_ids"], ["worths"]),
            helper.make_node("ReduceSum", ["worths", "axis"], ["logits"], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 1])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([1], np.int64), "axis"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    (folder / "onnx").mkdir()
    onnx.save(model, folder / "onnx" / "model.onnx")
    return folder


def _tokenizer(folder: Path) -> None:
    """A token a byte."""
    folder.mkdir(parents=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({"[PAD]": PAD} | {b: n for n, b in enumerate(alphabet, 1)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"model_max_length": 512, "pad_token": "[PAD]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
