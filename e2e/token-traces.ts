import type { AuscultPage } from "./auscult-page.ts";
import { expect } from "./auscult-test.ts";
import type { HubServer } from "./server/hub-server.ts";

/** Where on the page and around it a text is found. A tab's own storage is where tokens live, and is not looked at. */
export async function tracesOf(auscult: AuscultPage, text: string): Promise<string[]> {
  const { page } = auscult;
  const found = await page.evaluate(() => ({
    address: location.href,
    title: document.title,
    page: document.body.innerText,
    comparison: JSON.stringify(window.auscult.comparison()),
    history: JSON.stringify(history.state),
    cookies: document.cookie,
    storage: JSON.stringify({ ...localStorage }),
  }));
  return Object.entries(found).flatMap(([place, content]) => (content?.includes(text) ? [place] : []));
}

/** The token went to the Hub's own origin and nowhere else; true where it went there at all. */
export function wentToHubOnly(hub: HubServer, token: string): boolean {
  const carried = hub.log.filter(({ url, headers }) => `${url} ${JSON.stringify(headers)}`.includes(token));
  expect(new Set(carried.map(({ server }) => server))).toEqual(new Set(carried.length > 0 ? ["hub"] : []));
  expect(hub.log.filter(({ server, authorization }) => server === "cdn" && authorization !== undefined)).toEqual([]);
  return carried.length > 0;
}
