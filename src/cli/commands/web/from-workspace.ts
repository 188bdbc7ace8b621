import { whoIsConnected, type Listings } from '../../../domain/tunnels/connected.ts';
import { appsOf, readListings } from '../../../preview.ts';
import type { OwnApp } from '../../../web/watch/from-workspace.ts';
import type { RoomView } from '../../../web/watch/room-view.ts';
import type { ReadsWorkspace } from '../../../web/watch/workspace-looks.ts';
import { hasCredentials, withWorkspace, type SignedIn } from '../../input/with-workspace.ts';

/** Asks the workspace of the environment for who is connected and who built what; undefined without credentials. */
export const workspaceFor = (env: NodeJS.ProcessEnv): ReadsWorkspace | undefined =>
  hasCredentials(env)
    ? async (view) => {
        const { plan, seats, policyId, timeline, at } = view;
        // Of an event each workspace is asked, and the policies of its other workshops are known to their workers.
        const several = [...new Set(seats.flatMap(({ isIn }) => isIn?.workspace ?? []))];
        const asked = await Promise.all(
          several.length === 0
            ? [of(plan.workspace, policyId)]
            : several.map((workspace) => of(workspace, undefined).catch(() => NOTHING)),
        );
        const made = asked.flatMap(({ apps }) => apps);
        const listings = {
          clusters: new Map(asked.flatMap(({ listings: { clusters } }) => [...clusters])),
          tunnels: new Map(asked.flatMap(({ listings: { tunnels } }) => [...tunnels])),
        };
        const connected = whoIsConnected(seats, listings, timeline, at);
        return {
          connected: new Map(connected.map((one) => [one.email, one])),
          apps: new Map([...Map.groupBy(made, ({ by }) => by)].map(([by, all]) => [by, all.map(({ app }) => app)])),
        };

        function of(workspace: string, policy: string | undefined) {
          return withWorkspace(workspace, (signedIn) => seenIn(signedIn, view, policy), env);
        }
      }
    : undefined;

const NOTHING = { listings: { clusters: new Map(), tunnels: new Map() }, apps: [] } satisfies Seen;

interface Seen {
  readonly listings: Listings;
  readonly apps: readonly { readonly by: string; readonly app: OwnApp }[];
}

/** Who is connected in one workspace, and who built what there. */
async function seenIn(
  { workspace }: SignedIn,
  { seats, timeline, at }: Pick<RoomView, 'seats' | 'timeline' | 'at'>,
  policyId: string | undefined,
): Promise<Seen> {
  const listings = await readListings(workspace, policyId, at);
  const emails = seats.map(({ email }) => email);
  // Whoever may not list apps sees everything else.
  const apps = await appsOf(workspace, emails, timeline.dayOf).catch(() => []);
  return {
    listings,
    apps: apps.map((app) => ({
      by: (app.creator ?? '').toLowerCase(),
      app: { name: app.name, url: app.url ?? undefined, state: app.compute_status?.state ?? 'UNKNOWN' },
    })),
  };
}
