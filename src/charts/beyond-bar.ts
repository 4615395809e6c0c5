/**
 * The outline of a bar for what lies beyond ±1, px.
 * @param share its height as a share of `tall`; above 1 the bar is cut off: a slanted gap near its top.
 */
export function barPath({ x, width }: { x: number; width: number }, base: number, share: number, tall: number): string {
  if (share <= 1) return `M${x},${base}v${-share * tall}h${width}V${base}Z`;
  const gap = Math.min(4, tall / 5);
  const slant = Math.min(3, tall / 6);
  // A short bar has no room for a gap: it ends in the slant.
  if (tall < 30) return `M${x},${base}V${base - tall + slant}L${x + width},${base - tall}V${base}Z`;
  const low = base - tall * 0.74;
  return (
    `M${x},${base}V${low + slant}L${x + width},${low}V${base}Z` +
    `M${x},${low + slant - gap}V${base - tall}h${width}V${low - gap}Z`
  );
}
