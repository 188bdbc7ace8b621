import { setTimeout as wait } from 'node:timers/promises';
import { rehearsalPlan } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { peopleStanding } from '../src/domain/verdict/people.ts';
import { paceAt } from '../src/domain/replayed/time/pace.ts';
import { RealStack } from '../test/workflows/stage/real-stack.ts';

/**
 * Asks for the forecast every minute of a rehearsal's wave in which launches are throttled and one in ten fails, and
 * compares each answer with when the last one was ready indeed.
 */
const PEOPLE = Number(process.argv[2] ?? 30);
/** Decides whose launch fails. */
const SEED = Number(process.argv[3] ?? 7);
const MINUTE_MS = 60_000 / paceAt(60).speed;
const LONGER_MS = 240_000;

interface Asked {
  readonly at: number;
  readonly ready: number;
  readonly says: number;
  readonly states: string;
}

const stack = await RealStack.start({
  people: PEOPLE,
  faults: [
    { name: 'throttled', effect: { launchBucket: { burst: 6, perSecond: 0.02 } } },
    {
      name: 'one in ten',
      cluster: { person: 'attendee*@example.com' },
      probability: 0.1,
      seed: SEED,
      effect: { launchFails: { code: 'CLOUD_PROVIDER_LAUNCH_FAILURE', after: '90s' } },
    },
  ],
});
try {
  const { plan } = await rehearsalPlan({ attendees: PEOPLE, workspace: stack.sandbox.url, now: Date.now() });
  const onTheDay = { compute: { ...plan.compute, preProvision: false } };
  const id = await stack.open({}, onTheDay, { longerMs: LONGER_MS });
  const ending = stack.report(id).catch(() => undefined);
  const asked: Asked[] = [];
  let truth: number | undefined;
  let began: number | undefined;
  while (truth === undefined) {
    await wait(MINUTE_MS);
    const [progress, seats] = await Promise.all([stack.client.progress(id), stack.client.roster(id)]);
    if (progress.status !== 'running' || progress.heading === 'after') break;
    const now = Date.now();
    const { start } = (await stack.client.look(id)).about?.timeline ?? { start: now };
    const { forecast } = peopleStanding(seats, {
      now,
      start,
      speed: paceAt(60).speed,
      bootMs: progress.attendees.slowestBootMs,
    });
    // Before the canary has passed nobody is launched, and there is no wave to tell the end of.
    if (!forecast || !seats.some(({ cluster }) => cluster)) continue;
    began ??= now;
    const lastReady = Math.max(...seats.map(({ readyAt = 0 }) => readyAt));
    if (forecast.ready + forecast.needPerson === forecast.people) truth = lastReady;
    else if (forecast.allReadyAt !== undefined) {
      asked.push({
        at: now,
        ready: forecast.ready,
        says: forecast.allReadyAt,
        states: [...Map.groupBy(seats, ({ state }) => state)]
          .map(([state, { length }]) => `${length} ${state}`)
          .join(', '),
      });
    }
  }
  print(asked, began ?? 0, truth);
  await stack.client.cancel(id, { by: 'bench', reason: 'enough was measured' });
  await ending;
} finally {
  await stack.stop();
}

function print(asked: readonly Asked[], began: number, truth: number | undefined): void {
  if (truth === undefined) throw new Error('not everybody was ready before the end: make the event longer');
  const wave = truth - began;
  const minutes = (ms: number) => (ms / MINUTE_MS).toFixed(1);
  let worst = 0;
  for (const { at, ready, says, states } of asked) {
    const off = (says - truth) / wave;
    const isLate = at >= began + wave / 2;
    if (isLate) worst = Math.max(worst, Math.abs(off));
    process.stdout.write(
      `minute ${minutes(at - began)}: ${ready} of ${PEOPLE} ready, forecast minute ${minutes(says - began)}, ` +
        `${(100 * off).toFixed(1)} % off${isLate ? '' : ' (first half)'} ${states}\n`,
    );
  }
  process.stdout.write(
    `The last was ready at minute ${minutes(wave)}. From half of the wave on at most ` +
      `${(100 * worst).toFixed(1)} % of the wave off; 15 is the most there should be.\n`,
  );
}
