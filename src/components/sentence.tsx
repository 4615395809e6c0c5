/** An address in a sentence, without the comma or full stop behind it. */
const ADDRESS = /(https?:\/\/[^\s"”]*[^\s"”.,;:!?)])/;

/** A sentence whose addresses can be followed, in a tab of their own. */
export function Sentence({ text }: { text: string }) {
  return text.split(ADDRESS).map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <a key={i} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
