import type { ClusterSpec, TerminationReason } from '../clusters/cluster-spec.ts';
import type { Fault } from './fault.ts';
import { milliseconds } from '../time/span.ts';
import { terminationReason } from './termination-reasons.ts';

interface Ending {
  readonly reason: TerminationReason;
  /** For `state_message`. */
  readonly message: string;
  /** Of a real workspace's time. */
  readonly afterMs: number;
}

/** What is to go wrong with one launch of a cluster. */
export type LaunchTrouble =
  /** No node comes. */
  | ({ readonly kind: 'fails' } & Ending)
  /** It boots, and its init script fails. */
  | { readonly kind: 'script-fails'; readonly problem: string }
  /** PENDING until somebody ends it. */
  | { readonly kind: 'hangs' }
  /** It runs, and then does not. */
  | ({ readonly kind: 'dies' } & Ending);

const FAILS_AFTER = '1m';

/** The trouble that a fault makes; undefined when it is none of launches. */
export function launchTrouble({ effect }: Fault, spec: ClusterSpec): LaunchTrouble | undefined {
  const { launchFails, hangs, dies } = effect;
  if (hangs) return { kind: 'hangs' };
  if (launchFails?.code === 'INIT_SCRIPT_FAILURE')
    return { kind: 'script-fails', problem: terminationReason(launchFails, spec).message };
  if (launchFails)
    return {
      kind: 'fails',
      ...terminationReason(launchFails, spec),
      afterMs: milliseconds(launchFails.after ?? FAILS_AFTER),
    };
  if (dies) return { kind: 'dies', ...terminationReason(dies, spec), afterMs: milliseconds(dies.after) };
  return undefined;
}
