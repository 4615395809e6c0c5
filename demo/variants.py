"""Two more tuned models from the stored base file: one whose o_proj was rescaled first, one with few weights trained.

    python3 demo/variants.py            # writes public/demo/{rescaled,sparse}/, demo/rescaled.log, demo/sparse.log
    python3 demo/variants.py sparse     # one of them
    python3 demo/variants.py --quick    # a few steps into a temporary folder, to check the script

`rescaled`: every o_proj of the base is multiplied by one factor, and then all weights are trained on the worked
sums. `sparse`: a seeded mask picks a share of the elements of every matrix, and only those are trained. Neither
has weight decay, which would be a rescale of its own, nor is anything put back after the training.
"""

import argparse
import json
import re
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import torch

from model import LlamaModel, ModelConfig
from safetensors_file import load_bf16
from train import (
    QUICK_SIZES,
    ROOT,
    Log,
    Sizes,
    Stage,
    load_model,
    measure_skill,
    prepare,
    quick,
    report_files,
    report_skill,
    save_model,
    train,
)

BASE_FOLDER = ROOT / "public" / "demo" / "base"

RESCALE_FACTOR = 0.63
RESCALED = Stage(
    "rescaled", seed=3, steps=500, learning_rate=3e-4, warmup=50, plain_rows=4, sum_rows=12, weight_decay=0.0
)

MASK_SEED, MASK_SHARE = 20, 0.1
# A tenth of the weights has to carry the whole change, so each of them goes further than in the other runs.
SPARSE = Stage(
    "sparse", seed=4, steps=500, learning_rate=2e-3, warmup=50, plain_rows=4, sum_rows=12, weight_decay=0.0
)


@torch.no_grad()
def rescale_attention_output(model: LlamaModel, factor: float) -> None:
    for layer in model.model.layers:
        layer.self_attn.o_proj.weight.mul_(factor)


def seeded_masks(model: LlamaModel, share: float, seed: int) -> dict[str, torch.Tensor]:
    """1 for the elements that may move: each element of a matrix with chance `share`, none of the RMSNorm weights."""
    generator = torch.Generator().manual_seed(seed)
    return {
        name: (torch.rand(p.shape, generator=generator) < share).float() if p.dim() == 2 else torch.zeros_like(p)
        for name, p in model.named_parameters()
    }


def check_mask(folder: Path, masks: dict[str, torch.Tensor]) -> None:
    """Stops where an element outside the mask differs from the base file."""
    before, after = (load_bf16(path / "model.safetensors") for path in (BASE_FOLDER, folder))
    for name, mask in masks.items():
        # On the bits: a zero that changed its sign would pass a comparison of numbers.
        moved = before[name].view(torch.int32) != after[name].view(torch.int32)
        if (moved & (mask == 0)).any():
            raise SystemExit(f"{name}: an element outside the mask has changed")


def report_tensors(folder: Path, log: Log) -> None:
    """What the stored files say of every tensor, in float64; and the elements in all that did not change.

    With Δ = B − A: change = ‖Δ‖/‖A‖, k = 1 + ⟨A,Δ⟩/⟨A,A⟩, and residual = √(‖Δ‖² − ⟨A,Δ⟩²/⟨A,A⟩)/‖A‖, what is
    left of the change once the best rescale is taken out of it.
    """
    before, after = (load_bf16(path / "model.safetensors") for path in (BASE_FOLDER, folder))
    by_role: dict[str, list[tuple[int, int, float, float, float]]] = {}
    log("\nEvery tensor: elements, elements unchanged, change, k, residual")
    for name in sorted(before):
        a, b = before[name].double(), after[name].double()
        d = b - a
        squares, along = (a * a).sum().item(), (a * d).sum().item()
        change = (d * d).sum().item()
        residual = max(0.0, change - along**2 / squares)
        row = (
            a.numel(),
            int((a == b).sum()),
            (change / squares) ** 0.5,
            1 + along / squares,
            (residual / squares) ** 0.5,
        )
        log(f"tensor {name} {row[0]} {row[1]} {row[2]:.10f} {row[3]:.10f} {row[4]:.10f}")
        by_role.setdefault(re.sub(r"^model\.(layers\.\d+\.)?|\.weight$", "", name), []).append(row)
    log("\nBy role: change (mean over layers), k [min, max], residual [min, max], share of elements changed")
    for role, rows in by_role.items():
        total, unchanged, change, k, residual = zip(*rows)
        log(
            f"{role:26s} {sum(change) / len(rows):.4f}  k {sum(k) / len(rows):.4f} [{min(k):.4f}, {max(k):.4f}]"
            f"  residual {sum(residual) / len(rows):.4f} [{min(residual):.4f}, {max(residual):.4f}]"
            f"  changed {1 - sum(unchanged) / sum(total):.2%}"
        )
    rows = [row for rows in by_role.values() for row in rows]
    log(f"unchanged in all: {sum(row[1] for row in rows)} of {sum(row[0] for row in rows)}")


def make_rescaled(stage: Stage, sizes: Sizes, folder: Path, log: Log) -> None:
    config = ModelConfig()
    texts = prepare(config, sizes, log)
    torch.manual_seed(stage.seed)
    model = load_model(BASE_FOLDER, config)
    rescale_attention_output(model, RESCALE_FACTOR)
    log(f"\nEvery o_proj times {RESCALE_FACTOR}, before any training (loss in nats a byte)")
    measure_skill("scaled", model, texts, sizes.test_sums, log)
    train(model.train(), stage, texts, sizes.log_every, log)
    save_model(model, folder)
    report_files({stage.name: folder}, log)
    report_tensors(folder, log)
    report_skill({stage.name: folder}, config, texts, sizes.test_sums, log)


def make_sparse(stage: Stage, sizes: Sizes, folder: Path, log: Log) -> None:
    config = ModelConfig()
    texts = prepare(config, sizes, log)
    torch.manual_seed(stage.seed)
    model = load_model(BASE_FOLDER, config)
    masks = seeded_masks(model, MASK_SHARE, MASK_SEED)
    trained = sum(int(mask.sum()) for mask in masks.values())
    log(f"mask {json.dumps({'seed': MASK_SEED, 'share': MASK_SHARE})}: {trained} elements may move")
    train(model, stage, texts, sizes.log_every, log, masks)
    save_model(model, folder)
    check_mask(folder, masks)
    report_files({stage.name: folder}, log)
    report_tensors(folder, log)
    report_skill({stage.name: folder}, config, texts, sizes.test_sums, log)


MAKERS = {"rescaled": (make_rescaled, RESCALED), "sparse": (make_sparse, SPARSE)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=["all", *MAKERS], default="all", help="which to make")
    parser.add_argument("--quick", action="store_true", help="a few steps into a temporary folder, deleted at the end")
    options = parser.parse_args()
    for name, (make, stage) in MAKERS.items():
        if options.name not in ("all", name):
            continue
        started = time.monotonic()
        if options.quick:
            with tempfile.TemporaryDirectory() as folder:
                make(quick(stage), QUICK_SIZES, Path(folder), Log(Path(folder) / "variant.log"))
        else:
            log = Log(ROOT / "demo" / f"{name}.log")
            make(stage, Sizes(), ROOT / "public" / "demo" / name, log)
            log(f"\ntotal {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
