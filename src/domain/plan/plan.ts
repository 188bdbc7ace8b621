import { z } from 'zod';
import { clockChangeAt } from './clock-change.ts';
import { hasSsh, OLDEST_CLI } from '../replayed/made/databricks-cli.ts';
import { parseOffset } from './duration.ts';
import { apps } from './fields/apps.ts';
import { claudeCode, endpointName, outputTokens } from './fields/claude-code.ts';
import { contacts } from './fields/contacts.ts';
import { duration, durationUpTo, offset, roughMs } from './fields/durations.ts';
import { feedbackPlace } from './fields/feedback-place.ts';
import { messages } from './fields/messages.ts';
import { nodeType, oneLine, sparkVersion, volumeName } from './fields/names.ts';
import { web } from './fields/web.ts';
import { workspaceAddress } from './fields/workspace-address.ts';
import { formatDuration } from '../replayed/time/format-duration.ts';
import { emailAddress } from '../replayed/seat/email.ts';
import { DAY } from '../replayed/time/units.ts';

const LONGEST_WORKSHOP = 14 * DAY;
const LONGEST_GRACE = 7 * DAY;

/** How long before the start each phase begins when the plan does not say. */
const OFFSETS = { twoWeeksBefore: '14d', oneWeekBefore: '7d', dayBefore: '1d', dayOf: '30m' } as const;
const count = (fallback: number) => z.int().min(0).max(10_000).default(fallback);

const agenda = z
  .strictObject({
    opening: duration('15m'),
    setup: duration('20m'),
    handsOn: duration('150m'),
    wrapUp: duration('15m'),
  })
  .prefault({});

const compute = z
  .strictObject({
    nodeType: nodeType.default('Standard_D4ds_v5'),
    fallbackNodeTypes: z.array(nodeType).max(5).default(['Standard_D4s_v5', 'Standard_E4ds_v4']),
    sparkVersion: sparkVersion.default('17.3.x-scala2.13'),
    autoTerminationMinutes: z.int().min(10).max(10_000).default(60),
    policy: oneLine(100).default('claude-code-workshop'),
    preProvision: z.boolean().default(true),
    /** So many people's launches that fail alike stop everybody else's; by the size of the crowd if left out. */
    breaker: z.strictObject({ failures: z.int().min(2).max(10_000) }).optional(),
    pool: z
      .strictObject({
        use: z.boolean().default(true),
        margin: count(10),
        spares: count(5),
        drill: z.boolean().default(true),
      })
      .prefault({}),
  })
  .prefault({});

const serving = z
  .strictObject({
    model: endpointName.default('databricks-claude-sonnet-4-6'),
    /** The workspace's own limits, read by a person from its limits page; unknown becomes a sign-off. */
    limits: z
      .strictObject({
        inputTokensPerMinute: z.int().positive(),
        outputTokensPerMinute: z.int().positive(),
        queriesPerHour: z.int().positive(),
      })
      .optional(),
    demand: z
      .strictObject({
        promptsPerMinute: z.number().positive().max(60).default(0.25),
        /** What Claude Code runs for one prompt: each command is another request. */
        commandsPerPrompt: z.number().nonnegative().max(50).default(3),
        inputTokens: z.int().positive().default(30_000),
        /**
         * What one request reserves: clusters are told so, unless claudeCode.maxOutputTokens says otherwise. What its
         * answer really has is outputTokens, used for the cost only.
         */
        maxTokens: outputTokens.default(32_000),
        outputTokens: z.int().positive().default(1_000),
      })
      .prefault({}),
  })
  .prefault({});

/**
 * What people's laptops connect with; pinned, clusters have it ready, and the first connection neither downloads nor
 * uploads it.
 */
const databricksCli = z
  .strictObject({
    version: z
      .string()
      .regex(/^\d{1,4}(\.\d{1,6}){2}$/, { error: 'is not a version: write it like 1.14.0', abort: true })
      .refine(hasSsh, `is older than ${OLDEST_CLI}, the first with databricks ssh`)
      .optional(),
  })
  .prefault({});

const price = z.number().nonnegative().max(100_000);
const prices = z
  .strictObject({
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters, like USD')
      .default('USD'),
    vmPerHour: price.default(0.25),
    dbuPerHour: price.default(1),
    perDbu: price.default(0.55),
    /** Model serving; without these its cost is left out of every figure, and the figure says so. */
    tokens: z.strictObject({ perMillionInput: price, perMillionOutput: price }).optional(),
    /** An app of medium size while it runs, whose DBU have a price of their own. */
    apps: z.strictObject({ dbuPerHour: price.default(0.5), perDbu: price.default(0.75) }).prefault({}),
  })
  .prefault({});

/**
 * What a facilitator writes, checked and with every default filled in. Times in milliseconds. No secret is ever in a
 * plan.
 */
export const planSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and dashes'),
    title: oneLine(200),
    workspace: workspaceAddress,
    start: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/, {
        error: 'must be a date and time on the clocks of timeZone, like 2027-03-16T09:00',
        abort: true,
      })
      .refine(isOnTheCalendar, 'is not in the calendar: there is no such day or time'),
    timeZone: z.string().refine(isTimeZone, 'is not a time zone: write it like Europe/Berlin'),
    length: durationUpTo(LONGEST_WORKSHOP, 'is more than 14 days: make it several workshops')
      .refine((ms) => ms > 0, {
        error: 'must be longer than nothing, or the workshop would end before it starts',
        abort: true,
      })
      .prefault('4h'),
    agenda,
    roster: oneLine(500).default('attendees.txt'),
    contacts,
    /** The room, or how to get into the call: for letters and calendars. */
    place: oneLine(200).optional(),
    /** Where people answer after the workshop; left out, the letter asks them to write to the lead facilitator. */
    feedback: feedbackPlace.optional(),
    /** Left out, letters are files in the worker's folder, in English. */
    messages: messages.optional(),
    /** Where the room's pages are; left out, letters have no links to them. */
    web: web.optional(),
    offsets: z
      .strictObject({
        twoWeeksBefore: offset(OFFSETS.twoWeeksBefore),
        oneWeekBefore: offset(OFFSETS.oneWeekBefore),
        dayBefore: offset(OFFSETS.dayBefore),
        dayOf: offset(OFFSETS.dayOf),
      })
      .prefault({}),
    testers: z
      .array(emailAddress)
      .max(20)
      .default([])
      .transform((testers) => [...new Set(testers)]),
    /** Grants go to this group instead of to each person; its members are the facilitator's business. */
    attendeeGroup: oneLine(100).optional(),
    compute,
    unityCatalog: z
      .strictObject({
        scripts: volumeName.default('main.default.init_scripts'),
        logs: volumeName.default('main.default.workshop_logs'),
      })
      .prefault({}),
    serving,
    claudeCode,
    databricksCli,
    apps,
    prices,
    /**
     * Whether everybody's cluster is looked at by a job that runs as them, or by its events only: some workspaces
     * forbid to run as others.
     */
    verifyAs: z.enum(['attendee', 'events']).default('attendee'),
    /** Sign-offs, by checklist id, that hold the lifecycle until a person answers. */
    blocking: z.array(oneLine(100)).max(100).default([]),
    teardown: z
      .strictObject({
        grace: durationUpTo(LONGEST_GRACE, 'is more than 7 days, all of them paid for').prefault('1h'),
        deletePool: z.boolean().default(true),
      })
      .prefault({}),
  })
  .superRefine((plan, context) => {
    for (const { path, message, unwritten } of clashes(plan))
      context.addIssue({ code: 'custom', path: [...path], message, params: { unwritten } });
  });

/** A plan as every other part of the program sees it. */
export type Plan = z.output<typeof planSchema>;

/** What is wrong at a path and, where the file has nothing at that path, what is wrong at the other one. */
interface Clash extends Remark {
  readonly unwritten?: Remark;
}

/** Said of one field. */
export interface Remark {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Fields that are right by themselves and not together. */
function* clashes(plan: Plan): Generator<Clash> {
  if (
    isTimeZone(plan.timeZone) &&
    isOnTheCalendar(plan.start) &&
    clockChangeAt(plan.start, plan.timeZone) === 'skipped'
  ) {
    yield {
      path: ['start'],
      message:
        `never comes: the clocks of ${plan.timeZone} go forward on that day and skip that time; choose one before ` +
        'or after it',
    };
  }
  const agendaMs = Object.values(plan.agenda).reduce((sum, ms) => sum + ms, 0);
  if (agendaMs > plan.length) {
    yield {
      path: ['agenda'],
      message:
        `takes ${formatDuration(agendaMs)}, longer than the workshop (length: ${formatDuration(plan.length)}); a ` +
        "part that is not written has the guide's time (15m, 20m, 150m, 15m)",
      unwritten: {
        path: ['length'],
        message:
          `is shorter than the agenda, which takes ${formatDuration(agendaMs)} when it is not written: make it ` +
          'longer, or write an agenda',
      },
    };
  }
  for (const [later, earlier] of [
    ['oneWeekBefore', 'twoWeeksBefore'],
    ['dayBefore', 'oneWeekBefore'],
    ['dayOf', 'dayBefore'],
  ] as const) {
    if (roughMs(plan.offsets[later]) <= roughMs(plan.offsets[earlier])) continue;
    const standard = (name: typeof later | typeof earlier) =>
      roughMs(plan.offsets[name]) === roughMs(parseOffset(OFFSETS[name]))
        ? ` (${OFFSETS[name]}, also when it is not written)`
        : '';
    yield {
      path: ['offsets', later],
      message: `comes before ${earlier}${standard(earlier)}: make it the shorter of the two`,
      unwritten: {
        path: ['offsets', earlier],
        message: `comes after ${later}${standard(later)}: make it the longer of the two`,
      },
    };
  }
  const { scripts, logs } = plan.unityCatalog;
  // Unity Catalog tells no capitals apart.
  if (scripts.toLowerCase() === logs.toLowerCase()) {
    const why =
      "people may write into the logs, and could change the init script that everybody's cluster runs; name " +
      'another volume';
    yield {
      path: ['unityCatalog', 'logs'],
      message: `is the volume of the scripts too: ${why}`,
      unwritten: {
        path: ['unityCatalog', 'scripts'],
        message: `is the volume of the logs too (when they are not written): ${why}`,
      },
    };
  }
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** 2027-02-30 has the right form and is no day; JavaScript would silently make it 2 March. */
function isOnTheCalendar(text: string): boolean {
  const asUtc = new Date(`${text}Z`);
  return !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(text.slice(0, 16));
}
