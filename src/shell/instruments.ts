import type { Instrument } from "../components/instrument.ts";
import { DELTA } from "../instruments/delta/instrument.ts";
import { PROFILE } from "../instruments/profile/instrument.ts";
import { LinkFormat } from "../permalink/link-format.ts";

/** Every instrument of the page, in the order of their tabs; the first is open where a link names none. */
export const INSTRUMENTS: readonly [Instrument, ...Instrument[]] = [DELTA, PROFILE];

/** The links of this page: each instrument has its section in them. */
export const LINKS = new LinkFormat(sectionsOf(INSTRUMENTS));

function sectionsOf([first, ...others]: typeof INSTRUMENTS): ConstructorParameters<typeof LinkFormat>[0] {
  return [first.section, ...others.map(({ section }) => section)];
}

/** The instrument of that id. Throws where there is none, and says which there are. */
export function instrumentById(id: string): Instrument {
  const found = INSTRUMENTS.find((one) => one.id === id);
  if (found) return found;
  const known = INSTRUMENTS.map((one) => one.id).join(", ");
  throw new RangeError(`This page has no instrument “${id}”; it has ${known}.`);
}
