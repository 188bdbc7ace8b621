/**
 * What the room's pages cost with everybody looking, in one run: `node bench/web.ts [--seconds 60] [--attack]`. The
 * pages are served by a process of their own, so that memory and processor are theirs alone; 150 viewers in another
 * hold them open over HTTP on loopback. Absolute figures depend on the machine; the ratios of one run do not.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { attack, type Attacked } from './web/attackers.ts';
import { serve, type AskedOfServing, type Figures, type Served } from './web/serving.ts';
import { view, type Seen } from './web/viewers.ts';

const FACILITATORS = 10;
const ALONE_SECONDS = 15;
const ATTACK = { requests: 10_000, seconds: 60 };
const HONEST_EVERY_MS = 200;
const QUIET_SECONDS = 20;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    attack: { type: 'boolean', default: false },
    as: { type: 'string' },
  },
});
if (values.as === 'server') await serve();
else if (values.as === 'viewers') view();
else if (values.as === 'attackers') attack();
else await measure(Number(values.seconds), values.attack);

function started(as: string): ChildProcess {
  const child = fork(import.meta.filename, ['--as', as]);
  process.once('exit', () => child.kill());
  return child;
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [told] = (await once(child, 'message')) as [T];
  return told;
}

async function measure(seconds: number, withAttack: boolean): Promise<void> {
  const server = started('server');
  const served = await answer<Served>(server);
  const ask = (asked: AskedOfServing): Promise<Figures> => {
    server.send(asked);
    return answer(server);
  };
  const viewers = started('viewers');
  const open = async (addresses: readonly string[]): Promise<void> => {
    viewers.send({ open: addresses });
    await answer(viewers);
  };
  // Code that runs for the first time is slow, and one viewer is what the others are compared with.
  await open([served.facilitator]);
  await ask('change');
  await sleep(5_000);
  const alone = await over(ALONE_SECONDS, ask);
  await open([...served.attendees, ...Array.from({ length: FACILITATORS - 1 }, () => served.facilitator)]);
  await sleep(5_000);
  const all = await over(seconds, ask);
  await sleep(5_000);
  const { changes } = await ask('rest');
  viewers.send({});
  const late = latenesses(await answer<Seen>(viewers), changes, all);
  const viewersAre = served.attendees.length + FACILITATORS;
  const [toMany, toOne] = [all.cpuShare, alone.cpuShare].map((share) => share * 100);
  console.log(`${viewersAre} pages held open for ${seconds} s, one change a second in 12 seats and the banner`);
  console.log(`from a change to a page: ${late.median} s median, ${late.p95} s of 95 %, ${late.worst} s at worst`);
  console.log(
    `memory: ${mb(all.rss)} MB, ${ratio(all.rss, alone.rss)} times that of one viewer; ` +
      `${mb(all.rss - all.rssBefore)} MB more at the end than at the beginning`,
  );
  console.log(
    `processor: ${toMany?.toFixed(1)} % of a core, ${ratio(all.cpuShare, alone.cpuShare)} times that of one viewer` +
      ` (${toOne?.toFixed(1)} %)`,
  );
  console.log(
    `asked of the workshop: ${all.asked.toFixed(0)} questions a minute, ${ratio(all.asked, alone.asked)} times those ` +
      'of one viewer',
  );
  const under = withAttack ? await underAttack(served, ask) : undefined;
  console.log(
    JSON.stringify({
      viewers: viewersAre,
      seconds,
      ...late,
      rssMb: mb(all.rss),
      rssRatio: ratio(all.rss, alone.rss),
      cpuPercent: Number(toMany?.toFixed(1)),
      cpuRatio: ratio(all.cpuShare, alone.cpuShare),
      askedPerMinute: Math.round(all.asked),
      askedRatio: ratio(all.asked, alone.asked),
      ...(under === undefined ? {} : { attack: under }),
    }),
  );
  process.exit(0);
}

interface Over {
  readonly from: number;
  readonly until: number;
  /** The most that was seen, and what there was at the beginning, bytes. */
  readonly rss: number;
  readonly rssBefore: number;
  readonly cpuShare: number;
  /** Questions a minute. */
  readonly asked: number;
}

async function over(seconds: number, ask: (asked: AskedOfServing) => Promise<Figures>): Promise<Over> {
  const before = await ask('figures');
  let [after, rss] = [before, before.rss];
  while (after.at - before.at < seconds * 1_000) {
    await sleep(1_000);
    after = await ask('figures');
    rss = Math.max(rss, after.rss);
  }
  const ms = after.at - before.at;
  return {
    from: before.at,
    until: after.at,
    rss,
    rssBefore: before.rss,
    cpuShare: (after.cpuMs - before.cpuMs) / ms,
    asked: ((after.asked - before.asked) * 60_000) / ms,
  };
}

/** Of all changes of that time on all pages, seconds until they were there. */
function latenesses(seen: Seen, changes: readonly number[], { from, until }: Over) {
  const late: number[] = [];
  let unseen = 0;
  for (const own of seen)
    for (const [n, at] of changes.entries()) {
      if (at < from || at > until) continue;
      const arrived = own[n];
      if (arrived === undefined) unseen += 1;
      else late.push((arrived - at) / 1_000);
    }
  return { ...shares(late), unseen };
}

function shares(numbers: readonly number[]) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(3));
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}

function ratio(one: number, other: number): number {
  return Number((one / other).toFixed(1));
}

function mb(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}

/** What honest visitors notice while strangers try links that they made up. */
async function underAttack({ url, facilitator, attendees }: Served, ask: (asked: 'figures') => Promise<Figures>) {
  const honest = [facilitator, attendees[0] ?? ''];
  const quiet = await asking(honest, sleep(QUIET_SECONDS * 1_000));
  const before = await ask('figures');
  const attackers = started('attackers');
  attackers.send({ url, ...ATTACK });
  const attacked = answer<Attacked>(attackers);
  const busy = await asking(honest, attacked);
  const { sent, answers } = await attacked;
  const after = await ask('figures');
  const isUp = (await fetch(`${url}/healthz`)).ok;
  const lasted = (after.at - before.at) / 1_000;
  console.log(
    `${sent} requests with forged links in ${lasted.toFixed(0)} s: ${isUp ? 'still up' : 'down'}, answered ` +
      `${JSON.stringify(answers)}; ${((100 * (after.cpuMs - before.cpuMs)) / (lasted * 1_000)).toFixed(0)} % of a core`,
  );
  console.log(
    `a page for an honest visitor meanwhile: ${ratio(busy.median, quiet.median)} times as long at the median, ` +
      `${ratio(busy.p95, quiet.p95)} times of 95 %; ${busy.refused} of ${busy.asked} refused`,
  );
  return {
    sent,
    answers,
    isUp,
    medianRatio: ratio(busy.median, quiet.median),
    p95Ratio: ratio(busy.p95, quiet.p95),
    refused: busy.refused,
    askedOfWorkshop: after.asked - before.asked,
  };
}

/** Asks for pages in turn until something ends; milliseconds that each took. */
async function asking(addresses: readonly string[], until: Promise<unknown>) {
  let [refused, asked] = [0, 0];
  const took: number[] = [];
  const isOver = until.then(() => 'over' as const);
  while ((await Promise.race([isOver, sleep(HONEST_EVERY_MS)])) !== 'over') {
    const began = performance.now();
    const answered = await fetch(addresses[asked % addresses.length] ?? '');
    await answered.text();
    took.push(performance.now() - began);
    asked += 1;
    if (!answered.ok) refused += 1;
  }
  return { ...shares(took), refused, asked };
}
