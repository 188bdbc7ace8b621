import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import { whyRefused } from '../../domain/replayed/checklist/requests.ts';
import type { Lifecycle } from './lifecycle.ts';

/** Only the latest refusals are kept: somebody's broken script must not fill the state. */
const REFUSALS_KEPT = 20;
const LONGEST_NAME = 100;

/** Shows what a signal asked in vain: nobody waits for its answer. */
export function refuseSignal(w: Lifecycle, what: string, why: string): void {
  const refusal = { what: what.slice(0, LONGEST_NAME), why, at: Date.now() };
  w.state.refused = [...w.state.refused, refusal].slice(-REFUSALS_KEPT);
}

/** @throws what an update's validator may throw, and the caller is told */
export function refuseUpdate(why: string): never {
  throw ApplicationFailure.nonRetryable(why, 'REFUSED');
}

/** Reads an update's input. @throws see {@link refuseUpdate} */
export function readOrRefuse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = z.safeParse(schema, input);
  return parsed.success ? parsed.data : refuseUpdate(whyRefused(parsed.error));
}
