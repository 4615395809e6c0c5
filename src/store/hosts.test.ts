import { describe, expect, test } from "vitest";
import type { Ref } from "../hub/ref.ts";
import { isLoopback, isUnasked, originOf } from "./hosts.ts";

const PAGE = "https://auscult.example";

/** Every origin a link may name, and whether the page talks to it without asking. */
const ORIGINS: [origin: string, unasked: boolean, loopback: boolean][] = [
  ["https://huggingface.co", true, false],
  ["http://huggingface.co", false, false],
  ["https://huggingface.co:8443", false, false],
  ["https://huggingface.co.evil.test", false, false],
  ["https://evil-huggingface.co", false, false],
  ["https://www.huggingface.co", false, false],
  ["https://cdn.huggingface.co", false, false],
  [PAGE, true, false],
  ["http://auscult.example", false, false],
  ["https://sub.auscult.example", false, false],
  ["http://localhost", true, true],
  ["http://localhost:8080", true, true],
  ["https://localhost:8443", true, true],
  ["http://127.0.0.1:5173", true, true],
  ["http://127.1.2.3", true, true],
  ["http://[::1]:9000", true, true],
  ["http://localhost.evil.test", false, false],
  ["http://127.0.0.1.evil.test", false, false],
  ["http://localhost:80@evil.test", false, false],
  ["http://localhost:8080/path", false, false],
  ["http://evil.test/http://localhost:8080", false, false],
  ["http://128.0.0.1", false, false],
  ["http://192.168.0.1", false, false],
  ["http://10.0.0.1", false, false],
  ["http://0.0.0.0", false, false],
  ["http://[::2]", false, false],
  ["ftp://localhost", false, false],
  ["null", false, false],
  ["", false, false],
];

const HUB = "https://mirror.test";
const REFS: [ref: Ref, origin: string][] = [
  [{ kind: "hub", repo: "org/name" }, HUB],
  [{ kind: "hub", repo: "gpt2", revision: "refs/pr/1", folder: "sub" }, HUB],
  [{ kind: "url", url: "https://files.test:8443/a/b/model.safetensors?x=1" }, "https://files.test:8443"],
  [{ kind: "url", url: "http://127.0.0.1:80/a/" }, "http://127.0.0.1"],
  [{ kind: "demo", name: "base" }, PAGE],
];

describe("hosts", () => {
  test.each(ORIGINS)("%s: connected to unasked %s, loopback %s", (origin, unasked, loopback) => {
    expect(isUnasked(origin, PAGE)).toBe(unasked);
    expect(isLoopback(origin)).toBe(loopback);
  });

  test.each(REFS)("%j is asked of %s", (ref, origin) => {
    expect(originOf(ref, HUB, PAGE)).toBe(origin);
  });
});
