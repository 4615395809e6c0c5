import { afterEach, describe, expect, it, test, vi } from "vitest";
import { isTokenKept, setToken, tokenFor } from "./token-vault.ts";

/** A storage of the browser's. */
function newStorage(): Storage {
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
      vi.stubGlobal("sessionStorage", { ...newStorage(), getItem: refusal, setItem: refusal, removeItem: refusal });
    },
  },
  { name: "that does not exist", refuse: () => vi.stubGlobal("sessionStorage", undefined) },
];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the token vault", () => {
  it("keeps a token for the origin it was entered for and for nobody else", () => {
    vi.stubGlobal("sessionStorage", newStorage());
    setToken("https://huggingface.co", "hf_one");
    setToken("https://mirror.test", " hf_two\n");
    expect(tokenFor("https://huggingface.co")).toBe("hf_one");
    expect(tokenFor("https://mirror.test")).toBe("hf_two");
    const others = ["http://huggingface.co", "https://huggingface.co:444", "https://huggingface.co.evil.test", ""];
    expect(others.map(tokenFor)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each(["", "  \n"])("forgets a token when %j is entered", (empty) => {
    const storage = newStorage();
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

  it("keeps one on this computer only where that is asked for, and in one place", () => {
    const [tab, computer] = [newStorage(), newStorage()];
    vi.stubGlobal("sessionStorage", tab);
    vi.stubGlobal("localStorage", computer);
    setToken("https://huggingface.co", "hf_one");
    expect([isTokenKept("https://huggingface.co"), tab.length, computer.length]).toEqual(["tab", 1, 0]);
    setToken("https://huggingface.co", "hf_two", true);
    expect([isTokenKept("https://huggingface.co"), tab.length, computer.length]).toEqual(["computer", 0, 1]);
    expect(tokenFor("https://huggingface.co")).toBe("hf_two");
    expect([tokenFor("https://mirror.test"), isTokenKept("https://mirror.test")]).toEqual([undefined, null]);
    // Another for this tab alone: what was kept for good is not left behind.
    setToken("https://huggingface.co", "hf_three");
    expect([tokenFor("https://huggingface.co"), tab.length, computer.length]).toEqual(["hf_three", 1, 0]);
  });

  it("forgets in both places, and one that is kept for good is there in the next tab", () => {
    const computer = newStorage();
    vi.stubGlobal("sessionStorage", newStorage());
    vi.stubGlobal("localStorage", computer);
    setToken("https://huggingface.co", "hf_one", true);
    vi.stubGlobal("sessionStorage", newStorage());
    expect(tokenFor("https://huggingface.co")).toBe("hf_one");
    setToken("https://huggingface.co", "");
    expect([tokenFor("https://huggingface.co"), computer.length]).toEqual([undefined, 0]);
  });
});
