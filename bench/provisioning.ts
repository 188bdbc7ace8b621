/**
 * What a rehearsal of many people takes, in one run for each number of them: `node bench/provisioning.ts [people …]`.
 * A rehearsal runs as anybody would run it; when its report is there, its processes and histories are looked at before
 * they end. The processor's time can be trusted on a busy machine, the clock cannot.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Measures } from '../src/cli/rehearsal/rehearsal-measures.ts';
import type { Report } from '../src/domain/papers/report.ts';
import { countsOf, type HistoryCounts } from './provisioning/histories.ts';
import { figuresOf, partsOf, type ProcessFigures } from './provisioning/processes.ts';

const COMMAND = fileURLToPath(new URL('../bin/workshop', import.meta.url));
const MB = 1_048_576;
const LOOK_MS = 2_000;
/** Of the whole rehearsal, and of no process, milliseconds and bytes. */
const LONGEST_MS = 25 * 60_000;
const LARGEST = 1.5 * 1_024 * MB;
const MOST_EVENTS = 110;
const MOST_ACTIONS = 32;

interface Rehearsed {
  readonly people: number;
  readonly ready: number;
  readonly isProven: boolean;
  readonly ms: number;
  readonly measures: Measures;
  readonly processes: Readonly<Record<string, ProcessFigures>>;
  readonly counts: HistoryCounts;
  readonly routes: Readonly<Record<string, number>>;
}

async function rehearse(people: number): Promise<Rehearsed> {
  const began = performance.now();
  const args = ['rehearse', '--attendees', String(people), '--nodes', 'simulated', '--json', '--keep-ui'];
  const { TEMPORAL_ADDRESS: _, ...env } = process.env;
  const command = spawn(COMMAND, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(command, 'exit');
  process.once('exit', () => command.kill());
  let said = '';
  let printed = '';
  command.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
    process.stderr.write(part);
  });
  command.stdout.setEncoding('utf8').on('data', (part: string) => (printed += part));
  while (!said.includes('Still up until Ctrl-C')) {
    if (command.exitCode !== null) throw new Error(`the rehearsal ended by itself:\n${printed}`);
    await sleep(LOOK_MS);
  }
  const ms = performance.now() - began;
  try {
    const parts = partsOf(command.pid ?? 0);
    const processes = Object.fromEntries(Object.entries(parts).map(([name, pid]) => [name, figuresOf(pid)]));
    const measures = JSON.parse(printed) as Report & Measures;
    const { attendees, proof } = measures;
    return {
      people,
      ready: attendees.ready,
      isProven: proof.second !== null,
      ms,
      measures,
      processes,
      counts: await countsOf(parts['temporal'] ?? 0, people),
      routes: await routesOf(said),
    };
  } finally {
    command.kill('SIGINT');
    await ended;
  }
}

/** By the sandbox's books. */
async function routesOf(said: string): Promise<Record<string, number>> {
  const [, url = ''] = /sandbox workspace at (\S+?);/.exec(said) ?? [];
  const books = (await (await fetch(`${url}/__sandbox/books`)).json()) as {
    requests: { byRoute: Record<string, number> };
  };
  return books.requests.byRoute;
}

const rounded = (value: number, places = 1): number => Number(value.toFixed(places));

function show({ people, ready, isProven, ms, measures, processes, counts, routes }: Rehearsed): void {
  const lines = [
    `${people} people: ${ready} ready, ${isProven ? 'proven empty' : 'NOT proven empty'}, ${rounded(ms / 1_000)} s`,
    ...Object.entries(processes).map(
      ([name, { cpuS, peakMb }]) => `  ${name}: ${rounded(cpuS)} s of processor, ${Math.round(peakMb)} MB at most`,
    ),
    `  ${rounded(counts.eventsAPerson)} events and ${rounded(counts.actionsAPerson)} actions a person`,
    ...Object.entries(counts.byWorkflow).map(
      ([kind, { events, runs, longest }]) =>
        `  ${kind}: ${events} events in ${runs} runs (${rounded(events / people, 2)} a person), the longest ${longest}`,
    ),
    ...Object.entries(counts.byEvent).map(
      ([kind, byEvent]) =>
        `  ${kind}, a person: ${Object.entries(byEvent)
          .toSorted(([, a], [, b]) => b - a)
          .map(([what, n]) => `${rounded(n, 2)} ${what}`)
          .join(', ')}`,
    ),
    '  requests a person:',
    ...Object.entries(routes)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, 20)
      .map(([route, n]) => `    ${rounded(n / people, 2)} ${route}`),
    `  requests ${measures.requests.total}, ${rounded(measures.requests.perAttendee)} a person without watching`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const summary = ({ people, ready, isProven, ms, measures, processes, counts }: Rehearsed) => ({
  people,
  ready,
  isProven,
  seconds: rounded(ms / 1_000),
  waveToLimit: rounded(measures.provisioning?.ratio ?? 0, 2),
  requestsAPerson: rounded(measures.requests.perAttendee),
  eventsAPerson: rounded(counts.eventsAPerson),
  actionsAPerson: rounded(counts.actionsAPerson),
  processes: Object.fromEntries(
    Object.entries(processes).map(([name, { cpuS, peakMb }]) => [
      name,
      { cpuS: rounded(cpuS), peakMb: Math.round(peakMb) },
    ]),
  ),
});

const isAsWanted = ({ people, ready, isProven, ms, processes, counts }: Rehearsed): boolean =>
  ready === people &&
  isProven &&
  ms <= LONGEST_MS &&
  Object.values(processes).every(({ peakMb }) => peakMb * MB <= LARGEST) &&
  counts.eventsAPerson <= MOST_EVENTS &&
  counts.actionsAPerson <= MOST_ACTIONS;

const numbers = process.argv.slice(2).map(Number);
const runs: Rehearsed[] = [];
for (const people of numbers.length > 0 ? numbers : [140]) {
  const run = await rehearse(people);
  show(run);
  runs.push(run);
}
process.stdout.write(`${JSON.stringify({ bench: 'provisioning', runs: runs.map(summary) })}\n`);
process.exitCode = runs.every(isAsWanted) ? 0 : 1;
