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


def sentence_model(folder: Path, dimensions: int = 16) -> Path:
    """A transformer of one layer and random weights; it wants the extra `huggingface`."""
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    _tokenizer(folder)
    sizes = {"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=TOKENS, hidden_size=dimensions, **sizes)).save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="[PAD]", model_max_length=512
    )
    tokenizer.save_pretrained(folder)
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


def language_model(path: Path, width: int = 32, context: int = 32_768) -> Path:
    """A llama of one layer and random weights, with a token a byte: it babbles."""
    from gguf import GGUFWriter, TokenType

    writer = GGUFWriter(path, "llama")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(2 * width)
    writer.add_head_count(2)
    writer.add_layer_norm_rms_eps(1e-5)
    bytes_ = [f"<0x{n:02X}>" for n in range(256)]
    tokens = ["<unk>", "<s>", "</s>", *bytes_]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(
        [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL, *[TokenType.BYTE] * len(bytes_)]
    )
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template("{% for message in messages %}{{ message.content }}\n{% endfor %}")
    shapes = {
        "token_embd": (len(tokens), width),
        "output": (len(tokens), width),
        "output_norm": (width,),
        "blk.0.attn_norm": (width,),
        "blk.0.ffn_norm": (width,),
        **{f"blk.0.attn_{name}": (width, width) for name in ("q", "k", "v", "output")},
        "blk.0.ffn_gate": (2 * width, width),
        "blk.0.ffn_up": (2 * width, width),
        "blk.0.ffn_down": (width, 2 * width),
    }
    numbers = np.random.default_rng(1)
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", numbers.normal(size=shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
