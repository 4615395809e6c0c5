/** In this tab, until it is closed; or in this browser, for every tab, until it is removed. */
export type Place = "tab" | "computer";

const STORAGES = { tab: "sessionStorage", computer: "localStorage" } as const;

/** What is kept under `key`; null where there is nothing, or where the browser keeps nothing for this page. */
export const readItem = (place: Place, key: string): string | null =>
  withStorage(place, (storage) => storage.getItem(key)) ?? null;

/** Keeps `text` under `key`. False where the browser refuses: it blocks storage, or has none left. */
export const keepItem = (place: Place, key: string, text: string): boolean =>
  withStorage(place, (storage) => {
    storage.setItem(key, text);
    return true;
  }) ?? false;

/** Removes what is kept under `key`, if anything is. */
export const removeItem = (place: Place, key: string): void => {
  withStorage(place, (storage) => storage.removeItem(key));
};

/** A browser that blocks storage, or has none left, throws on access or on use; the page then goes on without. */
function withStorage<Answer>(place: Place, use: (storage: Storage) => Answer): Answer | undefined {
  try {
    const storage = globalThis[STORAGES[place]];
    return storage ? use(storage) : undefined;
  } catch {
    return undefined;
  }
}
