import { afterEach, beforeEach, expect, it, test, vi } from "vitest";
import { keepPending, type PendingSignIn } from "./pending-sign-in.ts";
import { readSignInAnswer } from "./sign-in-answer.ts";
import { newStorage } from "./testing/new-storage.ts";

const pending: PendingSignIn = {
  ...{ hub: "https://huggingface.co", nonce: "n", verifier: "v", page: "https://a.test/" },
  ...{ hash: "#v=1&a=org/base", forGood: false },
};

beforeEach(() => {
  vi.stubGlobal("sessionStorage", newStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it("takes the answer out of the query, and what was asked out of the tab", () => {
  expect(keepPending(pending)).toBe(true);
  const read = readSignInAnswer("?lang=de&code=abc&state=%7B%22nonce%22%3A%22n%22%7D&iss=https%3A%2F%2Fhuggingface.co");
  expect(read).toEqual({
    answer: { code: "abc", state: '{"nonce":"n"}', error: null, pending },
    search: "?lang=de",
  });
  // A second answer, or the same one after a reload, belongs to nothing.
  expect(readSignInAnswer("?code=abc&state=x")).toEqual({
    answer: { code: "abc", state: "x", error: null, pending: null },
    search: "",
  });
});

it("takes a refusal just so", () => {
  keepPending(pending);
  const read = readSignInAnswer("?error=access_denied&error_description=No.&state=x");
  expect(read).toEqual({ answer: { code: null, state: "x", error: "access_denied", pending }, search: "" });
});

test.each(["", "?", "?code=abc", "?state=x", "?error=x", "?lang=de"])("finds no answer in %j", (search) => {
  keepPending(pending);
  expect(readSignInAnswer(search)).toBeNull();
  // What was asked is still waited for.
  expect(readSignInAnswer("?code=a&state=x")?.answer.pending).toEqual(pending);
});

it("goes on where the browser keeps nothing, or nonsense", () => {
  sessionStorage.setItem("auscult.sign-in", "{");
  expect(readSignInAnswer("?code=a&state=x")?.answer.pending).toBeNull();
  vi.stubGlobal("sessionStorage", undefined);
  expect(keepPending(pending)).toBe(false);
  expect(readSignInAnswer("?code=a&state=x")?.answer.pending).toBeNull();
});
