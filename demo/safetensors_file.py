"""A tiny reader and writer of BF16 safetensors files.

The format: an unsigned 64-bit little-endian header length, a JSON header, then the raw tensor data.
Offsets in the header count from the first byte of the data. Only what the demo models need is here:
every tensor is BF16, and the data lie in header order without gaps.
"""

import hashlib
import json
import struct
from pathlib import Path

import torch

ALIGNMENT = 8  # the header is padded with spaces so that the data start on an 8-byte boundary


def save_bf16(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    """Round each tensor to BF16 (nearest, ties to even: torch's own cast) and write them, sorted by name."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    chunks: list[bytes] = []
    offset = 0
    for name in sorted(tensors):
        rounded = tensors[name].detach().to(torch.bfloat16).contiguous()
        # NumPy has no BF16, so the same bits go out as 16-bit integers, little-endian.
        data = rounded.view(torch.int16).numpy().astype("<i2").tobytes()
        header[name] = {
            "dtype": "BF16",
            "shape": list(rounded.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % ALIGNMENT)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def load_bf16(path: Path) -> dict[str, torch.Tensor]:
    """Read the file back as float32 tensors (exact: every BF16 value is a float32 value)."""
    raw = path.read_bytes()
    (header_length,) = struct.unpack_from("<Q", raw)
    start = 8 + header_length
    header = json.loads(raw[8:start])
    header.pop("__metadata__", None)
    tensors: dict[str, torch.Tensor] = {}
    end_of_data = 0
    for name, entry in header.items():
        if entry["dtype"] != "BF16":
            raise ValueError(f"{name}: expected BF16, found {entry['dtype']}")
        begin, end = entry["data_offsets"]
        if begin != end_of_data:
            raise ValueError(f"{name}: the data are not in header order")
        end_of_data = end
        # bytearray: torch wants a writable buffer
        bits = torch.frombuffer(bytearray(raw[start + begin : start + end]), dtype=torch.int16)
        tensors[name] = bits.view(torch.bfloat16).reshape(entry["shape"]).float()
    if start + end_of_data != len(raw):
        raise ValueError("the file does not end where its last tensor ends")
    return tensors


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
