/**
 * The Node versions that the tools in package.json run on; the command scripts ask before they load anything else.
 *
 * @type {(major: number, minor: number) => boolean}
 */
const isSupported = (major, minor) => (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23;

/**
 * Ends the process with one sentence where this Node is too old. Plain syntax only: an old Node must be able to parse
 * this file and the one that imports it.
 */
export function requireNode() {
  const parts = process.versions.node.split(".");
  if (isSupported(Number(parts[0]), Number(parts[1]))) return;
  console.error(
    `Auscult needs Node 20.19, 22.12 or newer, and this is ${process.version}: install a newer Node and run it again.`,
  );
  process.exit(1);
}
