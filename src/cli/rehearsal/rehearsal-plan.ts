import { readFile } from 'node:fs/promises';
import type { MessagePlan } from '../../domain/plan/fields/messages.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { readPlan } from '../../domain/plan/plan-file.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { WrongInput } from '../input/exit.ts';

const PER_MINUTE = 6_000;
/** What a rehearsal of the example plan sends. */
const EXAMPLE_MESSAGES: MessagePlan = {
  language: 'en',
  mail: { host: '127.0.0.1', port: 25, security: 'none', from: 'workshop@example.com', perMinute: PER_MINUTE },
  attendees: ['mail'],
  facilitators: ['mail'],
  admin: ['mail'],
};
const EXAMPLE = new URL('../../../workshop.example.yaml', import.meta.url);

/** Made-up people: attendee001@example.com and so on. */
export const rehearsalPeople = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `attendee${String(i + 1).padStart(3, '0')}@example.com`);

/**
 * What a rehearsal needs, in seconds of real time, however fast the sandbox is: calls and workflows do not get faster.
 */
const SECONDS = { base: 80, perAttendee: 0.17, dayOf: 30, event: 6, grace: 1, realNodes: 20 } as const;

/** So many people one computer looks after as quickly as it does after a few. */
const PEOPLE_AT_EASE = 500;

/**
 * How many times longer anything may take in a rehearsal because it is done for so many at once: what waits for this
 * computer is not to look like a workspace that hangs.
 */
export const crowding = (people: number): number => Math.max(1, people / PEOPLE_AT_EASE);

/** How long a rehearsal of very many takes, in words (bench/README.md); undefined where it is as quick as usual. */
export const crowdedWords = (people: number): string | undefined =>
  crowding(people) === 1
    ? undefined
    : `A rehearsal of ${people} people takes at least ` +
      `${Math.round((SECONDS.base + people * SECONDS.perAttendee) / 60)} minutes on two idle cores.`;

/**
 * The plan and the moments of a rehearsal: the example's, or the facilitator's own, beginning in about a minute.
 * @param realNodes what runs on these takes the time that it takes
 * @param slowness how many times slower than it could be this computer is: everything takes that much longer
 */
export async function rehearsalPlan(options: {
  attendees: number;
  workspace: string;
  now: number;
  own?: Plan;
  realNodes?: boolean;
  slowness?: number;
  /** Where the plan says nothing of channels, letters are sent by mail. */
  byMail?: boolean;
  /** Where its pages are, for the links in letters. */
  pages?: string | undefined;
}): Promise<{ plan: Plan; timeline: Timeline }> {
  const example = options.own ?? (await examplePlan());
  const messages = example.messages ?? (options.byMail ? EXAMPLE_MESSAGES : undefined);
  const plan: Plan = {
    ...example,
    id: `rehearsal-${options.now.toString(36)}`,
    title: `Rehearsal: ${example.title}`.slice(0, 200),
    workspace: options.workspace,
    ...(messages === undefined ? {} : { messages: inRehearsal(messages) }),
    ...(options.pages === undefined ? {} : { web: { url: options.pages, generation: 1 } }),
  };
  const seconds = SECONDS.base + (options.realNodes ? SECONDS.realNodes : 0) + SECONDS.perAttendee * options.attendees;
  const slowness = options.slowness ?? 1;
  const start = Math.round(options.now + seconds * slowness * 1_000);
  const end = start + SECONDS.event * 1_000;
  // Everything before the day is overdue, so the lifecycle catches up: each heading follows the one before at once.
  return {
    plan,
    timeline: {
      twoWeeksBefore: options.now,
      oneWeekBefore: options.now,
      dayBefore: options.now,
      dayOf: Math.round(start - SECONDS.dayOf * slowness * 1_000),
      start,
      end,
      teardown: end + SECONDS.grace * 1_000,
    },
  };
}

/** Each letter to its own address, as quickly as it goes: it goes no farther than this computer. */
function inRehearsal(planned: MessagePlan): MessagePlan {
  const { onlyTo: _, mail, ...messages } = planned;
  return { ...messages, ...(mail ? { mail: { ...mail, perMinute: PER_MINUTE } } : {}) };
}

async function examplePlan(): Promise<Plan> {
  const read = readPlan(await readFile(EXAMPLE, 'utf8'), 'workshop.example.yaml');
  if (!read.ok) throw new WrongInput(read.problems.map(({ message }) => message).join('\n'));
  return read.plan;
}
