import { isDone } from '../replayed/checklist/item.ts';
import type { LifecycleState } from '../replayed/checklist/lifecycle-state.ts';

/** Of somebody whose own cluster never failed, and who has none all the same. */
export function whyNoneWasLaunched({ cancelled, items }: LifecycleState): {
  readonly cause: string;
  readonly toDo: string;
} {
  if (cancelled) return { cause: 'the workshop was cancelled first', toDo: '' };
  const needs = items.find(({ id }) => id === 'clusters')?.needs ?? [];
  const failed = items.find((item) => needs.includes(item.id) && !isDone(item) && item.toDo !== undefined);
  if (!failed) return { cause: 'never got as far as a running cluster', toDo: '' };
  return {
    cause: `No cluster was launched, because of the line "${failed.title}": ${failed.evidence ?? failed.state}`,
    toDo: failed.toDo ?? '',
  };
}
