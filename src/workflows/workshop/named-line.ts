import type { Item } from '../../domain/replayed/checklist/item.ts';
import type { Lifecycle } from './lifecycle.ts';
import { refuseUpdate } from './refusals.ts';

/**
 * The line that a person named, or a refusal that says which there are.
 * @param fits names the lines that could have been meant.
 */
export function named(w: Lifecycle, id: string, fits: (item: Item) => boolean = () => true): Item {
  const item = w.checklist.named(id);
  if (item) return item;
  const others = w.checklist.items.filter(fits).map((other) => other.id);
  return refuseUpdate(`there is no "${id}" on this checklist; it has: ${others.join(', ')}`);
}
