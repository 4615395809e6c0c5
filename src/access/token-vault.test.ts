import { afterEach, describe, expect, it, test, vi } from "vitest";
import { setToken, tokenFor } from "./token-vault.ts";

/** A tab's session storage. */
function tabStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}

/** How browsers refuse storage: at the first look, or at every use. */
const REFUSALS: { name: string; refuse: () => void }[] = [
  {
    name: "whose very access throws",
    refuse: () => {
      vi.stubGlobal("sessionStorage", undefined);
      Object.defineProperty(globalThis, "sessionStorage", {
        configurable: true,
        get: () => {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
    },
  },
  {
    name: "whose methods throw",
    refuse: () => {
      const refusal = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
      vi.stubGlobal("sessionStorage", { ...tabStorage(), getItem: refusal, setItem: refusal, removeItem: refusal });
    },
  },
  { name: "that does not exist", refuse: () => vi.stubGlobal("sessionStorage", undefined) },
];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the token vault", () => {
  it("keeps a token for the origin it was entered for and for nobody else", () => {
    vi.stubGlobal("sessionStorage", tabStorage());
    setToken("https://huggingface.co", "hf_one");
    setToken("https://mirror.test", " hf_two\n");
    expect(tokenFor("https://huggingface.co")).toBe("hf_one");
    expect(tokenFor("https://mirror.test")).toBe("hf_two");
    const others = ["http://huggingface.co", "https://huggingface.co:444", "https://huggingface.co.evil.test", ""];
    expect(others.map(tokenFor)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each(["", "  \n"])("forgets a token when %j is entered", (empty) => {
    const storage = tabStorage();
    vi.stubGlobal("sessionStorage", storage);
    setToken("https://huggingface.co", "hf_one");
    setToken("https://mirror.test", "hf_two");
    setToken("https://huggingface.co", empty);
    expect(tokenFor("https://huggingface.co")).toBeUndefined();
    expect(tokenFor("https://mirror.test")).toBe("hf_two");
    expect(storage.length).toBe(1);
  });

  test.each(REFUSALS)("goes without a storage $name", ({ refuse }) => {
    refuse();
    expect(() => setToken("https://huggingface.co", "hf_one")).not.toThrow();
    expect(() => setToken("https://huggingface.co", "")).not.toThrow();
    expect(tokenFor("https://mirror.test")).toBeUndefined();
  });
});
