import type { AuxiliaryValues, Decoder, Encoding } from "../encoding.ts";
import { awqDecoder } from "./awq.ts";
import { gptqDecoder } from "./gptq.ts";
import { groupedDecoder } from "./grouped.ts";
import { microscaledDecoder } from "./microscaled.ts";
import { multipliedDecoder } from "./multiplied.ts";
import { narrowDecoder } from "./narrow.ts";
import { scaledDecoder } from "./scaled.ts";
import { storedDecoder } from "./stored.ts";
import { tableDecoder } from "./table.ts";

/** The decoder of an encoding; `auxiliary` holds what `auxiliaryRanges` names, in its order. */
export function decoderOf(encoding: Encoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  switch (encoding.scheme) {
    case "narrow":
      return narrowDecoder(encoding);
    case "scaled":
      return scaledDecoder(encoding, auxiliary);
    case "microscaled":
      return microscaledDecoder(encoding, auxiliary);
    case "table":
      return tableDecoder(encoding, auxiliary);
    case "grouped":
      return groupedDecoder(encoding, auxiliary);
    case "gptq":
      return gptqDecoder(encoding, auxiliary);
    case "awq":
      return awqDecoder(encoding, auxiliary);
    case "stored":
      return storedDecoder(encoding);
    case "multiplied":
      return multipliedDecoder(decoderOf(encoding.of, auxiliary), encoding.factor);
  }
}
