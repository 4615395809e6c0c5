"""The usual script: per tensor float(), sub, norm, dot and histc, with all threads.

Speaks JSON, a line each way: {"load": [path, path], "dtype", "count"} keeps two raw tensors in memory;
{"memory": seconds} works on them again and again for about that long; {"files": [path, path]} does so once for two
safetensors files, read through a memory map; with "relative": true it bins the relative change, and not the change.
"""

import json
import mmap
import os
import struct
import sys
import time

import torch

DTYPES = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32}
BYTES = {"BF16": 2, "F16": 2, "F32": 4, "F8_E4M3": 1, "F8_E5M2": 1}
# Older ones have none of these.
for name, torch_name in [("F8_E4M3", "float8_e4m3fn"), ("F8_E5M2", "float8_e5m2")]:
    if hasattr(torch, torch_name):
        DTYPES[name] = getattr(torch, torch_name)
BINS = 259
# A fixed range spares histc the pass that looks for the smallest and the largest.
LIMIT = 1 / 64


def compare(a, b, relative=False):
    a, b = a.float(), b.float()
    d = b - a
    norms = float(a.norm()), float(d.norm())
    dot = float(torch.dot(a, d))
    if relative:
        # As the code of arXiv 2505.20993 has it.
        return norms, dot, torch.histc((d / (a.abs() + 1e-8)).clamp(-1, 1), BINS, -1, 1)
    return norms, dot, torch.histc(d, BINS, -LIMIT, LIMIT)


class SafetensorsFile:
    def __init__(self, path):
        with open(path, "rb") as file:
            # Copy on write: torch wants a writable buffer, and nothing is written.
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        (length,) = struct.unpack("<Q", self.map[:8])
        self.begin = 8 + length
        self.entries = json.loads(self.map[8 : self.begin])
        self.entries.pop("__metadata__", None)

    def tensor(self, name):
        entry = self.entries[name]
        dtype = entry["dtype"]
        begin, end = entry["data_offsets"]
        count = (end - begin) // BYTES[dtype]
        return torch.frombuffer(self.map, dtype=DTYPES[dtype], count=count, offset=self.begin + begin)


def compare_files(paths, relative):
    a, b = (SafetensorsFile(path) for path in paths)
    began = time.perf_counter()
    sum_d2 = 0.0
    for name in a.entries:
        (_, norm_d), _, _ = compare(a.tensor(name), b.tensor(name), relative)
        sum_d2 += norm_d**2
    return {"seconds": time.perf_counter() - began, "sumD2": sum_d2}


def raw_tensor(path, dtype, count):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=DTYPES[dtype], count=count)


def compare_memory(pair, seconds):
    passes = 0
    began = time.perf_counter()
    while True:
        compare(*pair)
        passes += 1
        elapsed = time.perf_counter() - began
        if elapsed >= seconds:
            return {"seconds": elapsed / passes}


def main():
    torch.set_num_threads(os.cpu_count())
    about = {"version": torch.__version__, "threads": torch.get_num_threads(), "dtypes": list(DTYPES)}
    print(json.dumps(about), flush=True)
    pair = None
    for line in sys.stdin:
        command = json.loads(line)
        if "load" in command:
            pair = [raw_tensor(path, command["dtype"], command["count"]) for path in command["load"]]
            answer = {}
        elif "memory" in command:
            answer = compare_memory(pair, command["memory"])
        else:
            answer = compare_files(command["files"], command.get("relative", False))
        print(json.dumps(answer), flush=True)


main()
