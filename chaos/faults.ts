import type { FaultInput } from '../sandbox/index.ts';
import type { Draws } from './draws.ts';

/** Whom faults of clusters hit: the workshop's people. What belongs to strangers is to stay as it is. */
const ANYBODY = 'attendee*@example.com';
const MOST_AT_ONCE = 4;

/** What may go wrong with a workspace on one day, each drawn anew. Times are the workspace's own. */
const KINDS: readonly ((draws: Draws, person: () => string) => FaultInput)[] = [
  (draws) => ({
    route: 'POST /api/2.1/clusters/create',
    probability: 0.3,
    seed: draws.between(1, 1e6),
    effect: { status: 503 },
  }),
  (draws) => ({
    route: 'POST /api/2.1/clusters/create',
    probability: 0.5,
    seed: draws.between(1, 1e6),
    count: 1,
    effect: { lostAnswer: true },
  }),
  () => ({
    route: 'POST /api/2.1/clusters/create',
    cluster: { person: ANYBODY },
    count: 1,
    effect: { latency: '25s' },
  }),
  (draws) => ({
    route: '* /api/2.*',
    probability: 0.05,
    seed: draws.between(1, 1e6),
    effect: { status: 429, retryAfter: 1 },
  }),
  (draws) => ({ route: '* /api/2.*', probability: 0.05, seed: draws.between(1, 1e6), effect: { reset: true } }),
  (draws) => ({
    cluster: { person: ANYBODY },
    probability: 0.5,
    seed: draws.between(1, 1e6),
    count: 1,
    effect: { launchFails: { code: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT', after: '40s' } },
  }),
  (_, person) => ({
    cluster: { person: person() },
    effect: { launchFails: { code: 'INIT_SCRIPT_FAILURE', message: 'install-claude-code.sh exited with 7' } },
  }),
  (_, person) => ({
    cluster: { person: person() },
    offset: 1,
    count: 1,
    effect: { dies: { code: 'DRIVER_UNREACHABLE', after: '3m' } },
  }),
  (_, person) => ({ cluster: { person: person() }, count: 1, effect: { hangs: true } }),
  (draws) => ({
    route: 'GET /api/2.1/clusters/list',
    probability: 0.5,
    seed: draws.between(1, 1e6),
    effect: { stale: '20s' },
  }),
  () => ({ route: 'POST /api/2.1/clusters/delete', count: 1, effect: { ignored: true } }),
  () => ({ route: 'POST /api/2.1/clusters/permanent-delete', count: 1, effect: { ignored: true } }),
  (draws) => ({
    route: 'POST /api/2.1/clusters/permanent-delete',
    probability: 0.3,
    seed: draws.between(1, 1e6),
    effect: { status: 503 },
  }),
  (draws) => {
    const from = draws.between(0, 40);
    return {
      route: '* /api/2.0/instance-pools/*',
      from: `${from}m`,
      until: `${from + draws.between(5, 20)}m`,
      effect: { status: 500 },
    };
  },
  (draws) => ({
    route: 'PATCH /api/2.0/permissions/clusters/*',
    probability: 0.4,
    seed: draws.between(1, 1e6),
    count: 2,
    effect: { reset: true },
  }),
  () => ({ effect: { launchBucket: { burst: 3, perSecond: 0.05 } } }),
];

/** What goes wrong in the workspace; on some days nothing does. */
export function drawFaults(draws: Draws, people: readonly string[]): FaultInput[] {
  return draws
    .someOf(KINDS, draws.between(0, MOST_AT_ONCE))
    .map((kind, n) => ({ name: `fault ${n + 1}`, ...kind(draws, () => draws.oneOf(people)) }));
}
