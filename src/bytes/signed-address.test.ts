import { expect, it } from "vitest";
import { signedAddressExpiry } from "./signed-address.ts";

const noon = Date.UTC(2026, 0, 31, 12, 0, 0);

it.each([
  ["", undefined],
  [`?Expires=${noon / 1000}&Signature=x&Key-Pair-Id=y`, noon],
  ["?X-Amz-Date=20260131T120000Z&X-Amz-Expires=3600", noon + 3_600_000],
  ["?X-Goog-Date=20260131T120000Z&X-Goog-Expires=60", noon + 60_000],
  [`?X-Amz-Date=20260131T120000Z&X-Amz-Expires=3600&Expires=${noon / 1000 + 5}`, noon + 5000],
  ["?Expires=soon", undefined],
  ["?X-Amz-Expires=3600", undefined],
  ["?X-Amz-Date=yesterday&X-Amz-Expires=3600", undefined],
])("finds when %s ends", (query, expiry) => {
  expect(signedAddressExpiry(`https://cdn.test/file${query}`)).toBe(expiry);
});
