import { onlyOneWorkshop } from '../../../event/as-one.ts';
import { CONNECTIONS, notConnectedYet, whoIsConnected } from '../../../domain/tunnels/connected.ts';
import { keptAwake } from '../../../domain/tunnels/kept-awake.ts';
import { patiently } from '../../input/patiently.ts';
import { withWorkspace } from '../../input/with-workspace.ts';
import { connectedPage } from '../../pages/connected-page.ts';
import { columnsOf } from '../../pages/wrapped.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';
import { lookingAt } from '../../which/which-workshop.ts';
import { readListings } from '../../../preview.ts';

export interface ConnectedOptions {
  readonly json?: boolean;
}

/** Prints who is connected. @throws {WrongInput} for another workspace; {NoAnswer} when nobody answers */
export async function showConnected(given: string | undefined, { json }: ConnectedOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    onlyOneWorkshop(reader);
    // One after the other: a lifecycle that is busy takes no second question at once.
    const { plan, timeline, policyId } = await reader.planInForce(id);
    const seats = await reader.roster(id);
    await withWorkspace(plan.workspace, async ({ workspace, me }) => {
      const now = Date.now();
      if (!me.groups.some(({ name }) => name === 'admins'))
        say(`${me.userName} is no workspace admin: whoever's runs it may not see seems not to be connected.`);
      const listings = await patiently(() => readListings(workspace, policyId, now));
      const people = whoIsConnected(seats, listings, timeline, now);
      const awake = keptAwake(seats, listings, { timeline, prices: plan.prices, now });
      if (json) {
        const counts = CONNECTIONS.map((state) => [state, people.filter((one) => one.state === state).length]);
        const { currency } = plan.prices;
        return printJson({
          workshop: id,
          at: new Date(now).toISOString(),
          counts: Object.fromEntries(counts) as unknown,
          notConnectedYet: notConnectedYet(people).map(({ email }) => email),
          people,
          keptAwake: awake.map((one) => ({ ...one, currency })),
        });
      }
      const isDay = now >= timeline.dayOf && now < timeline.end;
      const style = styleFor(process.stdout);
      print(connectedPage(plan, { people, awake, now, isDay, style, columns: columnsOf(process.stdout) }).join('\n'));
    });
  });
}
