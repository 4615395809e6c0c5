/** A column: its heading, and whether what is in it is read from the right. */
export interface Column {
  heading: string;
  isNumber?: true;
}

/** Lines of a table in columns two spaces apart, the headings first. */
export function* textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): Generator<string> {
  const headings = columns.map(({ heading }) => heading);
  const widths = headings.map((heading, i) =>
    rows.reduce((width, row) => Math.max(width, row[i].length), heading.length),
  );
  for (const row of [headings, ...rows]) {
    const cells = row.map((text, i) => (columns[i].isNumber ? text.padStart(widths[i]) : text.padEnd(widths[i])));
    yield `${cells.join("  ").trimEnd()}\n`;
  }
}
