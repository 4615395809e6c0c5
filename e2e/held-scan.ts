import type { AuscultPage } from "./auscult-page.ts";
import { expect } from "./auscult-test.ts";
import type { HubServer } from "./server/hub-server.ts";

/** Bytes of the two first reads that the headers of the long models take. */
export const HEADERS = 2 * 262_144;
/** Bytes of weights at which some pairs are complete and others are not, whichever of them are read at once. */
const HALF = 1_400_000;

/** Opens the long pair, and holds its scan where some cells are filled and others are not: no byte goes out any more. */
export async function openHalfway(auscult: AuscultPage, hub: HubServer): Promise<void> {
  hub.set({ allowance: HEADERS + HALF });
  await auscult.open({ hub: hub.origin, a: "org/long-base", b: "org/long-tuned" });
  await expect(auscult.exactCells).not.toHaveCount(0);
  await hub.whenDry();
}
