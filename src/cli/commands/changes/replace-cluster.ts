import { setTimeout as wait } from 'node:timers/promises';
import type { WorkshopClient } from '../../../client.ts';
import { linesForNewCluster } from '../../../domain/papers/letters.ts';
import type { RepairStage, Seat } from '../../../domain/replayed/seat/seat.ts';
import { EXIT } from '../../input/exit.ts';
import { countdown } from '../../../domain/clock/clock.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { whichPerson } from '../../which/which-person.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface ReplaceOptions {
  readonly by: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const LOOK_MS = 2_000;
/** A cluster that is not there by then comes later, and `why` tells of it. */
const LONGEST_MS = 15 * 60_000;

/**
 * Has one person's cluster mended, beginning with this stage. A new cluster is waited for, because its owner needs
 * lines for it. @throws {WrongInput} for nobody, or without a yes; nothing was done then.
 */
export async function replaceCluster(
  given: string | undefined,
  typed: string,
  stage: RepairStage,
  { by, yes, json }: ReplaceOptions,
): Promise<void> {
  await inWorkshop(given, async (client, id) => {
    const seat = whichPerson(await client.roster(id), typed, id);
    const { email, cluster } = seat;
    say(`${email}: ${seat.state}${cluster ? `, cluster ${cluster.id} (${cluster.state})` : ', without a cluster'}`);
    say(whatGoes(seat, stage));
    await confirm(stage === 'new cluster' ? 'Give them a new cluster?' : 'Restart it?', yes);
    const receipt = await client.repair(id, { email, by, stage });
    if (json) return printJson(receipt);
    print(`${receipt.recorded}.`);
    if (stage === 'new cluster') await follow(client, id, seat);
    else print(`See how it goes on: bin/workshop why ${id} ${email}`);
  });
}

function whatGoes({ cluster }: Seat, stage: RepairStage): string {
  if (cluster?.state !== 'RUNNING') return 'Nothing that is only on it can be lost: it does not run.';
  const first = 'If they can still work on it, have them type save-work first: what lies outside ~/workshop';
  return stage === 'new cluster'
    ? `${first} stays on the old one, which is stopped and kept until the end. ~/workshop is theirs as before.`
    : `${first} is lost with the restart. ~/workshop is theirs as before.`;
}

/** Until the new cluster serves; what its owner has to type is said as soon as it is known. */
async function follow(client: WorkshopClient, id: string, before: Seat): Promise<void> {
  const began = Date.now();
  let told: string | undefined;
  while (Date.now() - began < LONGEST_MS) {
    await wait(LOOK_MS);
    const now = (await client.roster(id)).find(({ key }) => key === before.key);
    const fresh = now?.cluster && now.cluster.id !== before.cluster?.id ? now.cluster : undefined;
    if (fresh && fresh.id !== told) {
      told = fresh.id;
      print(`Their new cluster is ${fresh.id}. They type, on their laptop:`);
      print(linesForNewCluster({ id: before.isIn?.id ?? id }, fresh.id, before.cluster?.id).join('\n'));
    }
    if (fresh && now?.state === 'ready') {
      print(`It serves, after ${countdown(Date.now() - began)}. The old one is stopped, and removed with the rest.`);
      return;
    }
    if (now?.state === 'failed') break;
  }
  process.exitCode = EXIT.notAsWanted;
  print(`It does not serve yet. What holds it up: bin/workshop why ${id} ${before.email}`);
}
