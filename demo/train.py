"""Train the first two demo models: a base model on plain stories, and a tuned one on worked sums.

    python3 demo/train.py           # writes public/demo/{base,tuned}/ and demo/train.log
    python3 demo/train.py --quick   # a few steps into a temporary folder, to check the script

The tuned model starts from the base *file*, that is from weights already rounded to BF16, because that
is the pair a reader compares: whatever differs between the two files was done by the tuning. Nothing
edits the weights afterwards; they are rounded to BF16 and stored.
"""

import argparse
import json
import math
import os
import platform
import re
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

# Read when OpenMP loads, so set before torch. Where OpenBLAS has threads of its own, OpenMP workers that spin
# between parallel regions take the cores away from it: measured, 0.85 s a step against 0.28 s.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy
import torch
import torch.nn.functional as F

import corpus
from model import LlamaModel, ModelConfig
from safetensors_file import load_bf16, save_bf16, sha256

ROOT = Path(__file__).resolve().parent.parent
SIZE_LIMIT = 6 * 1000 * 1000  # bytes a file: they are served with the page
THREADS = 2  # fixed, since the order of float additions, and so the last bits, depend on it


@dataclass(frozen=True)
class Stage:
    """Hyper-parameters of one training run (AdamW, linear warm-up, cosine decay to a tenth)."""

    name: str
    seed: int
    steps: int
    learning_rate: float
    warmup: int
    plain_rows: int  # rows of a batch drawn from the stories
    sum_rows: int  # rows of a batch drawn from the worked sums
    beta1: float = 0.9
    beta2: float = 0.95
    weight_decay: float = 0.1  # matrices of the blocks and the head only
    clip: float = 1.0


BASE = Stage("base", seed=1, steps=1800, learning_rate=2e-3, warmup=100, plain_rows=16, sum_rows=0)
# A few stories stay in the mixture so that the tuning adds a skill and does not just replace the old one.
TUNED = Stage("tuned", seed=2, steps=800, learning_rate=5e-4, warmup=50, plain_rows=4, sum_rows=12)

SPLIT_SEED, PLAIN_SEED, SUM_SEED, HELD_OUT_SEED = 10, 11, 12, 13


@dataclass(frozen=True)
class Sizes:
    plain_bytes: int = 4_000_000
    sum_bytes: int = 1_000_000
    held_out_bytes: int = 64_000
    test_sums: int = 300
    log_every: int = 50


QUICK_SIZES = Sizes(plain_bytes=200_000, sum_bytes=50_000, held_out_bytes=8_000, test_sums=20, log_every=4)


def quick(stage: Stage) -> Stage:
    """The stage cut to a few steps: enough to see that the script runs."""
    return replace(stage, steps=12, warmup=4)


class Log:
    """Prints each line and keeps it in the log file."""

    def __init__(self, path: Path):
        self.file = path.open("w", encoding="utf-8")

    def __call__(self, line: str = "") -> None:
        print(line, flush=True)
        self.file.write(line + "\n")
        self.file.flush()


@dataclass(frozen=True)
class Texts:
    plain: torch.Tensor
    sums: torch.Tensor
    held_out: dict[str, torch.Tensor]
    test_pairs: list[tuple[int, int]]


def make_texts(sizes: Sizes) -> Texts:
    stories = corpus.plain_text(PLAIN_SEED, sizes.plain_bytes)
    train_pairs, test_pairs = corpus.split_pairs(SPLIT_SEED)
    held_out_stories = corpus.plain_text(HELD_OUT_SEED, sizes.held_out_bytes, exclude=frozenset(stories))
    return Texts(
        plain=corpus.to_bytes(stories),
        sums=corpus.to_bytes(corpus.sum_text(SUM_SEED, sizes.sum_bytes, train_pairs)),
        held_out={
            "plain": corpus.to_bytes(held_out_stories),
            "sums": corpus.to_bytes(corpus.sum_text(HELD_OUT_SEED, sizes.held_out_bytes, test_pairs)),
        },
        test_pairs=test_pairs,
    )


def next_byte_loss(model: LlamaModel, rows: torch.Tensor) -> torch.Tensor:
    logits = model(rows[:, :-1])
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), rows[:, 1:].reshape(-1))


def learning_rate_at(stage: Stage, step: int) -> float:
    if step < stage.warmup:
        return stage.learning_rate * (step + 1) / stage.warmup
    done = (step - stage.warmup) / max(1, stage.steps - stage.warmup)
    return stage.learning_rate * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))


def train(
    model: LlamaModel,
    stage: Stage,
    texts: Texts,
    log_every: int,
    log: Log,
    masks: dict[str, torch.Tensor] | None = None,
) -> None:
    """Float32 training; the logged loss is the mean over the steps since the line before.

    With `masks` (by parameter name, 1 where an element may move and 0 where it may not) gradients are cut to the
    mask. The weight decay of such a stage has to be 0: decay moves weights without a gradient.
    """
    if masks is not None and stage.weight_decay != 0:
        raise ValueError(f"{stage.name}: weight decay would move the weights that the mask holds still")
    generator = torch.Generator().manual_seed(stage.seed)
    context = model.config.max_position_embeddings
    # The embedding is left out of the decay: rows of bytes that never occur would only shrink.
    decayed = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed_tokens" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() != 2 or "embed_tokens" in n]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": stage.weight_decay}, {"params": others, "weight_decay": 0.0}],
        lr=stage.learning_rate,
        betas=(stage.beta1, stage.beta2),
    )
    log(f"\n[{stage.name}] {json.dumps(asdict(stage))}")
    started, total, count = time.monotonic(), 0.0, 0
    for step in range(stage.steps):
        rate = learning_rate_at(stage, step)
        for group in optimizer.param_groups:
            group["lr"] = rate
        parts = []
        if stage.plain_rows:
            parts.append(corpus.windows(texts.plain, stage.plain_rows, context, generator))
        if stage.sum_rows:
            parts.append(corpus.windows(texts.sums, stage.sum_rows, context, generator))
        loss = next_byte_loss(model, torch.cat(parts))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if masks is not None:
            for name, parameter in model.named_parameters():
                parameter.grad.mul_(masks[name])
        torch.nn.utils.clip_grad_norm_(model.parameters(), stage.clip)
        optimizer.step()
        total, count = total + loss.item(), count + 1
        if (step + 1) % log_every == 0 or step + 1 == stage.steps:
            seconds = time.monotonic() - started
            log(f"[{stage.name}] step {step + 1:5d}  loss {total / count:.4f}  lr {rate:.2e}  {seconds:7.1f} s")
            total, count = 0.0, 0


@torch.no_grad()
def held_out_loss(model: LlamaModel, stream: torch.Tensor) -> float:
    """Mean next-byte loss in nats, over consecutive windows that do not overlap."""
    width = model.config.max_position_embeddings + 1
    rows = stream[: len(stream) // width * width].view(-1, width).long()
    total = sum(next_byte_loss(model, part).item() * len(part) for part in rows.split(32))
    return total / len(rows)


def sum_accuracy(model: LlamaModel, pairs) -> tuple[float, str]:
    """Share of sums with the right `answer N` under greedy decoding, and the first text as a sample."""
    prompts = [f"\n{a}+{b}:" for a, b in pairs]  # all of one length: every number has two digits
    length = max(len(corpus.worked_sum(a, b)) for a, b in pairs) + 2 - len(prompts[0])
    tokens = torch.tensor([list(prompt.encode("ascii")) for prompt in prompts])
    texts = [bytes(row).decode("latin-1") for part in tokens.split(50) for row in model.generate(part, length).tolist()]
    right = 0
    for (a, b), text in zip(pairs, texts):
        found = re.search(r"answer (\d+)\n", text)
        right += found is not None and int(found.group(1)) == a + b
    return right / len(pairs), repr(texts[0])


def load_model(folder: Path, config: ModelConfig) -> LlamaModel:
    """The model of a stored file; strict, so a missing, extra or misshapen tensor is an error."""
    model = LlamaModel(config)
    model.load_state_dict(load_bf16(folder / "model.safetensors"), strict=True)
    return model


def save_model(model: LlamaModel, folder: Path) -> None:
    save_bf16(folder / "model.safetensors", model.state_dict())
    (folder / "config.json").write_text(json.dumps(model.config.to_json(), indent=2) + "\n", encoding="utf-8")


def report_files(folders: dict[str, Path], log: Log) -> None:
    log("\nFiles")
    for name, folder in folders.items():
        for path in (folder / "model.safetensors", folder / "config.json"):
            size = path.stat().st_size
            if size > SIZE_LIMIT:
                raise SystemExit(f"{name}/{path.name} has {size} bytes, over the limit of {SIZE_LIMIT}")
            log(f"{name}/{path.name}  {size} bytes  sha256 {sha256(path)}")
        for tensor_name, tensor in load_bf16(folder / "model.safetensors").items():
            if not torch.isfinite(tensor).all():
                raise SystemExit(f"{name}: {tensor_name} has values that are not finite")


def report_change(folders: dict[str, Path], log: Log) -> None:
    """‖Δ‖/‖A‖ (Frobenius, float64) from the stored files: mean, least and greatest over the layers."""
    a, b = (load_bf16(folders[name] / "model.safetensors") for name in ("base", "tuned"))
    by_module: dict[str, list[float]] = {}
    for name in sorted(a):
        before, after = a[name].double(), b[name].double()
        module = re.sub(r"^model\.(layers\.\d+\.)?|\.weight$", "", name)
        by_module.setdefault(module, []).append(((after - before).norm() / before.norm()).item())
    log("\nRelative change of each module, ‖Δ‖/‖A‖ (mean over layers [min, max])")
    for module, values in by_module.items():
        log(f"{module:26s} {sum(values) / len(values):.4f} [{min(values):.4f}, {max(values):.4f}]")


def report_skill(folders: dict[str, Path], config: ModelConfig, texts: Texts, test_sums: int, log: Log) -> None:
    log("\nStored models on held-out text (loss in nats a byte) and on held-out sums (greedy)")
    for name, folder in folders.items():
        measure_skill(name, load_model(folder, config), texts, test_sums, log)


def measure_skill(name: str, model: LlamaModel, texts: Texts, test_sums: int, log: Log) -> None:
    """Losses and sums of one model; every model is asked the same sums."""
    order = torch.randperm(len(texts.test_pairs), generator=torch.Generator().manual_seed(HELD_OUT_SEED))
    pairs = [texts.test_pairs[i] for i in order[:test_sums].tolist()]
    model.eval()
    losses = "  ".join(f"{kind} {held_out_loss(model, text):.4f}" for kind, text in texts.held_out.items())
    accuracy, sample = sum_accuracy(model, pairs)
    log(f"{name:6s} loss: {losses}   sums right: {accuracy:.1%} of {len(pairs)}")
    log(f"{name:6s} first answer: {sample}")


def prepare(config: ModelConfig, sizes: Sizes, log: Log) -> Texts:
    """Fixes what the last bits depend on, notes it in the log, and makes the texts."""
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    log(f"python {platform.python_version()}, torch {torch.__version__}, numpy {numpy.__version__}, "
        f"{platform.machine()}, cpu, {THREADS} threads")
    log(f"model {json.dumps(asdict(config))}")
    log(f"data {json.dumps(asdict(sizes))}")
    texts = make_texts(sizes)
    log(f"text: {len(texts.plain)} bytes of stories, {len(texts.sums)} bytes of sums, "
        f"{len(texts.test_pairs)} ordered pairs of numbers held out")
    return texts


def run(out: Path, log: Log, base: Stage, tuned: Stage, sizes: Sizes) -> None:
    config = ModelConfig()
    folders = {"base": out / "base", "tuned": out / "tuned"}
    started = time.monotonic()
    texts = prepare(config, sizes, log)

    torch.manual_seed(base.seed)
    model = LlamaModel(config)
    model.initialize()
    log(f"parameters: {sum(p.numel() for p in model.parameters())}")
    train(model, base, texts, sizes.log_every, log)
    save_model(model, folders["base"])

    torch.manual_seed(tuned.seed)
    model = load_model(folders["base"], config)
    train(model, tuned, texts, sizes.log_every, log)
    save_model(model, folders["tuned"])

    report_files(folders, log)
    report_change(folders, log)
    report_skill(folders, config, texts, sizes.test_sums, log)
    log(f"\ntotal {time.monotonic() - started:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few steps into a temporary folder, deleted at the end")
    if parser.parse_args().quick:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), Log(Path(folder) / "train.log"), quick(BASE), quick(TUNED), QUICK_SIZES)
    else:
        run(ROOT / "public" / "demo", Log(ROOT / "demo" / "train.log"), BASE, TUNED, Sizes())


if __name__ == "__main__":
    main()
