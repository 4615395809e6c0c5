import { afterEach, describe, expect, it, test, vi } from "vitest";
import { newStorage } from "./testing/new-storage.ts";
import { forgetExpired, keptFor, setSignIn, setToken, tokenFor } from "./token-vault.ts";

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
  vi.useRealTimers();
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
    expect([keptFor("https://huggingface.co")?.place, tab.length, computer.length]).toEqual(["tab", 1, 0]);
    setToken("https://huggingface.co", "hf_two", true);
    expect([keptFor("https://huggingface.co")?.place, tab.length, computer.length]).toEqual(["computer", 0, 1]);
    expect(tokenFor("https://huggingface.co")).toBe("hf_two");
    expect([tokenFor("https://mirror.test"), keptFor("https://mirror.test")]).toEqual([undefined, null]);
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

describe("a sign-in in the vault", () => {
  const HUB = "https://huggingface.co";
  const account = { name: "someone", expires: 1000 };
  const begin = () => {
    vi.useFakeTimers({ now: 0 });
    const [tab, computer] = [newStorage(), newStorage()];
    vi.stubGlobal("sessionStorage", tab);
    vi.stubGlobal("localStorage", computer);
    return { tab, computer };
  };

  it("gives its token to its Hub until it ends, and never after", () => {
    const { tab } = begin();
    setSignIn(HUB, "hf_oauth_one", account);
    expect([tokenFor(HUB), tokenFor("https://mirror.test")]).toEqual(["hf_oauth_one", undefined]);
    expect(keptFor(HUB)).toEqual({ place: "tab", account });
    vi.setSystemTime(999);
    expect([tokenFor(HUB), forgetExpired(HUB)]).toEqual(["hf_oauth_one", false]);
    vi.setSystemTime(1000);
    expect([tokenFor(HUB), keptFor(HUB), tab.length]).toEqual([undefined, null, 1]);
    expect([forgetExpired(HUB), tab.length, forgetExpired(HUB)]).toEqual([true, 0, false]);
  });

  it("takes the place of a typed token, and the other way round", () => {
    const { tab, computer } = begin();
    setToken(HUB, "hf_one", true);
    setSignIn(HUB, "hf_oauth_one", account);
    expect([tokenFor(HUB), tab.length, computer.length]).toEqual(["hf_oauth_one", 1, 0]);
    setSignIn(HUB, "hf_oauth_two", account, true);
    expect([tokenFor(HUB), keptFor(HUB), tab.length]).toEqual(["hf_oauth_two", { place: "computer", account }, 0]);
    setToken(HUB, "hf_two");
    expect([tokenFor(HUB), keptFor(HUB), computer.length]).toEqual(["hf_two", { place: "tab", account: null }, 0]);
    vi.setSystemTime(5000);
    expect([forgetExpired(HUB), tokenFor(HUB)]).toEqual([false, "hf_two"]);
  });

  test.each(["{", "{}", '{"token":"hf_one","name":"x"}', '{"token":7,"name":"x","expires":9e15}', "{null}"])(
    "is not read out of %s",
    (text) => {
      const { tab } = begin();
      tab.setItem(`auscult.token ${HUB}`, text);
      expect([tokenFor(HUB), keptFor(HUB), forgetExpired(HUB)]).toEqual([undefined, null, false]);
    },
  );
});
