import { z } from 'zod';
import { isSpan, milliseconds } from '../time/span.ts';

const word = z.string().min(1).max(1_000);
/** A pattern with `*` and `?`, or a list of them. */
const pattern = z.union(
  [word, z.array(word).min(1).max(5_000)],
  'must be text, or a list of texts; * stands for anything',
);
const span = z
  .string('must be a span with its unit: 250ms, 45s, 10m, 1h30m')
  .refine(isSpan, 'must be a span with its unit: 250ms, 45s, 10m, 1h30m');
const yes = z.literal(true, 'must be true, or be left out');
const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be a termination code of Databricks, such as CLOUD_PROVIDER_RESOURCE_STOCKOUT');
const reasonType = z.enum(['SUCCESS', 'CLIENT_ERROR', 'SERVICE_FAULT', 'CLOUD_FAILURE']);
const reason = {
  code,
  type: reasonType.optional(),
  message: word.optional(),
  parameters: z.record(z.string(), z.string()).optional(),
};

/** The effects there are; a fault has one of them. */
const EFFECTS = [
  'status',
  'latency',
  'reset',
  'lostAnswer',
  'ignored',
  'stale',
  'launchFails',
  'hangs',
  'dies',
  'launchBucket',
  'noInstances',
] as const;
/** What only goes with `status`. */
const WITH_STATUS = ['error_code', 'message', 'body', 'retryAfter'] as const;
/** What happens to launches and pools, whoever asks for them; the rest happens to requests. */
export const ON_LAUNCH: readonly string[] = ['launchFails', 'hangs', 'dies', 'launchBucket', 'noInstances'];
/** What does not happen now and then, but all the time that it is on. */
const WITHOUT_COUNT: readonly string[] = ['launchBucket', 'noInstances'];

const effect = z
  .strictObject({
    /** Answered in place of the workspace, which hears nothing of the request. */
    status: z.int().min(200).max(599).optional(),
    error_code: word.optional(),
    message: word.optional(),
    /** The whole body: text as it is, anything else as JSON. */
    body: z.unknown().optional(),
    /** Whole seconds, as sent; no header without it. */
    retryAfter: z.int().min(0).max(86_400).optional(),
    /** The answer waits: by the clock on the wall, as clients do. */
    latency: span.optional(),
    /** The connection ends, and nothing was done. */
    reset: yes.optional(),
    /** What was asked is done, and the connection ends without a word of it. */
    lostAnswer: yes.optional(),
    /** 200 and {}, and nothing was done. */
    ignored: yes.optional(),
    /** A list as it was this long ago. */
    stale: span.optional(),
    launchFails: z.strictObject({ ...reason, after: span.optional() }).optional(),
    hangs: yes.optional(),
    dies: z.strictObject({ ...reason, after: span }).optional(),
    launchBucket: z.strictObject({ burst: z.number().positive(), perSecond: z.number().positive() }).optional(),
    /** The cloud gives pools no machine. */
    noInstances: z.strictObject({ message: word }).optional(),
  })
  .superRefine((given, context) => {
    const kinds = EFFECTS.filter((kind) => given[kind] !== undefined);
    if (kinds.length !== 1)
      context.addIssue(
        kinds.length === 0
          ? `must be one of ${EFFECTS.join(', ')}`
          : `has ${kinds.join(' and ')}: a fault has one effect, so make it ${kinds.length} faults`,
      );
    for (const extra of WITH_STATUS) {
      if (given[extra] !== undefined && given.status === undefined)
        context.addIssue({ code: 'custom', path: [extra], message: 'only goes with status' });
    }
    if (given.body !== undefined && (given.error_code ?? given.message) !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['body'],
        message: 'is the whole body: leave error_code and message out, or this',
      });
    }
    if (given.launchFails?.code === 'INIT_SCRIPT_FAILURE' && given.launchFails.after !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['launchFails', 'after'],
        message: 'does not go with INIT_SCRIPT_FAILURE: the script fails when it runs',
      });
    }
  });

const faultFields = z.strictObject({
  /** Unique in its list; made from the effect and what it is about when it is left out. */
  name: word.max(200).optional(),
  route: z
    .string()
    .regex(
      /^(\*|GET|HEAD|POST|PUT|PATCH|DELETE) \/\S*$/,
      'must be a method (or *), a space and a path, such as "POST /api/2.1/clusters/create"; * stands for anything',
    )
    .optional(),
  cluster: z
    .strictObject({
      person: pattern.optional(),
      name: pattern.optional(),
      tag: z.record(z.string(), pattern).optional(),
    })
    .optional(),
  pool: z.strictObject({ name: pattern }).optional(),
  probability: z.number().gt(0).max(1).optional(),
  /** How often each resource is hit. */
  count: z.int().min(1).optional(),
  /** How often each resource is spared first. */
  offset: z.int().min(0).optional(),
  seed: z.union([z.string(), z.int()], 'must be text or a whole number').optional(),
  from: span.optional(),
  until: span.optional(),
  effect,
});

const oneFault = faultFields.superRefine((fault, context) => {
  const kind = kindOf(fault);
  const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (fault.cluster && Object.keys(fault.cluster).length === 0)
    say('cluster', 'must say which clusters: person, name or tag');
  if (fault.from !== undefined && fault.until !== undefined && milliseconds(fault.from) >= milliseconds(fault.until))
    say('until', 'must be later than from');
  if (ON_LAUNCH.includes(kind)) {
    if (fault.route !== undefined)
      say(
        'route',
        `does not go with ${kind}, which happens to launches whoever asks for them: say which ` +
          'clusters, or leave it out',
      );
  } else if (kind === 'stale') {
    if (!staleRoutes(fault.route)) say('route', 'must be GET /api/2.1/clusters/list, the only list that can be stale');
    if (fault.cluster ?? fault.pool)
      say(fault.cluster ? 'cluster' : 'pool', 'does not go with stale: a list is of all clusters');
  } else if (fault.route === undefined && !fault.cluster && !fault.pool) {
    context.addIssue('must say what it happens to: route, cluster or pool');
  }
  if (WITHOUT_COUNT.includes(kind)) {
    for (const field of ['probability', 'count', 'offset', 'seed'] as const)
      if (fault[field] !== undefined)
        say(field, `does not go with ${kind}, which is on all the time; from and until do`);
  }
  if (kind === 'noInstances' && fault.cluster) say('cluster', 'does not go with noInstances, which happens to pools');
});

/** Any number of faults, each with a name. */
export const faultList = z
  .array(oneFault)
  .max(1_000)
  .transform((list, context) => {
    const names = new Set<string>();
    return list.map((fault, index): Fault => {
      const name = fault.name ?? nameOf(fault, index);
      if (names.has(name))
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `is the name of an earlier fault too: ${name}`,
        });
      names.add(name);
      return { ...fault, name };
    });
  });

/** Something that goes wrong, and when. Plain JSON, as somebody wrote it. */
export type FaultInput = z.input<typeof oneFault>;
export type Fault = z.output<typeof oneFault> & { readonly name: string };
type EffectKind = (typeof EFFECTS)[number];

/** What is wrong with a list of faults, and where in it. */
export interface FaultProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type FaultReading =
  | { readonly ok: true; readonly faults: readonly Fault[] }
  | { readonly ok: false; readonly problems: readonly FaultProblem[] };

/** Reads a list of faults, as JSON or YAML gave it. Every problem is found in one go. */
export function readFaults(given: unknown): FaultReading {
  const result = faultList.safeParse(given);
  return result.success
    ? { ok: true, faults: result.data }
    : { ok: false, problems: telling(result.error.issues).flatMap(problemsOf) };
}

/** Which of the effects a fault has. */
export const kindOf = (fault: Pick<Fault, 'effect'>): EffectKind =>
  EFFECTS.find((kind) => fault.effect[kind] !== undefined) ?? 'status';

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(faultFields.shape),
  effect: [...EFFECTS, ...WITH_STATUS],
  cluster: ['person', 'name', 'tag'],
  pool: ['name'],
  launchFails: ['code', 'type', 'message', 'parameters', 'after'],
  dies: ['code', 'type', 'message', 'parameters', 'after'],
  launchBucket: ['burst', 'perSecond'],
  noInstances: ['message'],
};

/** Where a field has the wrong name, that it is missing under the right one says nothing more. */
function telling(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const misspelt = new Set(
    issues.filter(({ code: kind }) => kind === 'unrecognized_keys').map(({ path }) => path.join('.')),
  );
  return issues.filter(({ code: kind, path }) => kind !== 'custom' || !misspelt.has(path.join('.')));
}

function problemsOf(issue: z.core.$ZodIssue): FaultProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const parent = issue.path.length > 1 ? String(issue.path.at(-1)) : '';
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `is no field here: there are ${(FIELDS[parent] ?? []).join(', ')}`,
    }));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ path: issue.path, message: 'is missing' }];
  return [{ path: issue.path, message: issue.message }];
}

function nameOf(fault: z.output<typeof oneFault>, index: number): string {
  const about =
    fault.route ??
    [fault.cluster?.person, fault.cluster?.name, fault.pool?.name]
      .flat()
      .filter((one) => one !== undefined)
      .slice(0, 3)
      .join(', ');
  return `${kindOf(fault)}${about ? ` ${about}` : ''} (${index + 1})`.slice(0, 200);
}

const staleRoutes = (route: string | undefined): boolean =>
  route !== undefined && /^(\*|GET) \/api\/(\*|2\.0|2\.1)\/clusters\/list$/.test(route);
