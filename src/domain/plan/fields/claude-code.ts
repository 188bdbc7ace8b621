import { z } from 'zod';
import { GATEWAYS, LEAST_OUTPUT_TOKENS, PINNED_CLAUDE_CODE } from '../../replayed/made/claude-code.ts';
import { secretOffsets } from '../secrets.ts';

/** Beyond this no model answers; Claude Code cuts it to the model's own maximum. */
const MOST_OUTPUT_TOKENS = 128_000;

/** A number of tokens that a request may reserve (docs/facts/claude-on-databricks.md section 2.1). */
export const outputTokens = z
  .int()
  .min(
    LEAST_OUTPUT_TOKENS,
    `must be ${LEAST_OUTPUT_TOKENS} or more: below that Claude Code asks for more thinking than it has room for, and ` +
      'is refused',
  );

/** The name of a serving endpoint. */
export const endpointName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'is not an endpoint name');

/** Headers that Claude Code sends by itself, or that carry who asks. */
const TAKEN = /^(authorization|proxy-authorization|cookie|host|x-api-key|content-.*|anthropic-.*|x-stainless-.*)$/i;
/** Nobody remembers so long a word: it is a key of something. A UUID has dashes. */
const LIKE_A_KEY = /(?=[A-Za-z0-9+/=_]*\d)(?=[A-Za-z0-9+/=_]*[A-Za-z])[A-Za-z0-9+/=_]{28,}/;
const SIGNS_IN = /^(basic|bearer|token|negotiate)\s/i;

const NAME = /^[A-Za-z0-9-]{1,100}$/;

const headerValue = z
  .string()
  .regex(/^[!-~]([ -~]{0,198}[!-~])?$/, 'must be one line of at most 200 plain letters, digits and signs (ASCII)')
  .refine(
    (value) => secretOffsets(value).length === 0 && !LIKE_A_KEY.test(value) && !SIGNS_IN.test(value),
    'looks like a credential: take it out, because the plan and all clusters show it; Claude Code sends the token of ' +
      'the session by itself',
  );

// Of a record's keys zod itself says only that one is invalid.
const headers = z.record(z.string(), headerValue).superRefine((given, context) => {
  for (const name of Object.keys(given)) {
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if (!NAME.test(name)) refuse('is not the name of a header: write it like x-team, with letters, digits and dashes');
    else if (TAKEN.test(name)) refuse('is a header that Claude Code sends itself: take it out');
  }
});

/** A rule of Claude Code's permissions, like `Bash(pip install:*)`. */
const allowed = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,60}(\([!-~]([ -~]{0,198}[!-~])?\))?$/,
    'is not a rule of Claude Code: write it like "Bash(pip install:*)" or Edit',
  )
  .refine(
    (rule) => !/^Bash(\(:?\**\))?$/.test(rule),
    'allows every command there is: name the commands, or write withoutQuestions: true',
  );

/**
 * What attendees find on their clusters; `bin/workshop bundle` stages it. What is left out of the last six is decided
 * where settings are made (replayed/made/claude-settings.ts), so that a plan from before them is no other plan.
 */
export const claudeCode = z
  .strictObject({
    version: z
      .string()
      .regex(/^\d{1,4}(\.\d{1,6}){2}(-[0-9A-Za-z.-]{1,40})?$/, 'is not a version: write it like 2.1.197')
      .default(PINNED_CLAUDE_CODE.version),
    /** Clusters fetch from there what the bundle lacks; left out, they use no network. */
    npmRegistry: z
      .url({ protocol: /^https$/, error: 'must be the address of a registry, like https://registry.npmjs.org' })
      .refine((text) => !text.includes('@'), 'must hold no credentials')
      .optional(),
    /** What every request reserves of the limit of output tokens; left out, serving.demand.maxTokens. */
    maxOutputTokens: outputTokens
      .max(MOST_OUTPUT_TOKENS, `must be ${MOST_OUTPUT_TOKENS} or less: no model answers more`)
      .optional(),
    /** The endpoint of small tasks, which Claude Code calls haiku; left out, serving.model. */
    smallModel: endpointName.optional(),
    /** Which of the workspace's two addresses of the Messages API; left out, serving-endpoints. */
    gateway: z.enum(GATEWAYS).optional(),
    /** Headers that go with each request besides; no secret. */
    headers: headers.optional(),
    /** What Claude Code does without asking; left out, what the workshop needs. */
    allow: z.array(allowed).max(100).optional(),
    /** Whether `claude --dangerously-skip-permissions` may be used on a cluster, where everybody is root. */
    withoutQuestions: z.boolean().optional(),
  })
  .prefault({});
