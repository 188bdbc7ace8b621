/**
 * The end and the removal of a workshop that lasts longer by that much; of one that was over, people want that much
 * time from now on. All in milliseconds.
 * @param grace how long after the end everything is removed
 */
export function extendedBy(
  longer: number,
  { end: before, teardown, grace }: { readonly end: number; readonly teardown: number; readonly grace: number },
  now: number,
): { readonly end: number; readonly teardown: number } {
  const end = Math.max(before, now) + longer;
  return { end, teardown: Math.max(teardown + longer, end + grace) };
}
