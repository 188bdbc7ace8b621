import { z } from 'zod';
import { APP_WAYS, APPS_AFTERWARDS } from '../capacity/app-ways.ts';
import { GATEWAYS } from '../made/claude-code.ts';
import { CHANNELS } from '../outbox/channels.ts';
import type { AmendableField, Amendment } from './amendment.ts';

const text = z.string().min(1).max(500);
const amount = z.number().nonnegative();
const whole = z.int().nonnegative();
const contact = z.strictObject({ name: text, contact: text });

const channels = z.array(z.enum(CHANNELS)).max(CHANNELS.length);
const messages = z.strictObject({
  language: text,
  mail: z
    .strictObject({
      host: text,
      port: whole,
      security: z.enum(['starttls', 'tls', 'none']),
      from: text,
      senderName: text.optional(),
      replyTo: text.optional(),
      perMinute: whole,
    })
    .optional(),
  attendees: channels,
  facilitators: channels,
  admin: channels,
  letters: z
    .record(
      text,
      z
        .strictObject({
          by: channels.optional(),
          text: z.string().min(1).max(5_000).optional(),
          after: whole.optional(),
          before: whole.optional(),
        })
        .optional(),
    )
    .optional(),
  onlyTo: text.optional(),
});

/** What each field may say, so that no request by hand can break a workflow; a plan's own rules say more. */
const FIELDS = {
  title: text,
  'contacts.leadFacilitator': contact,
  'contacts.databricksAdmin': contact,
  'contacts.networkSupport': contact,
  'contacts.helpers': z.array(contact).max(50).nullable(),
  place: text.nullable(),
  feedback: text.nullable(),
  messages: messages.nullable(),
  web: z.strictObject({ url: text.optional(), generation: whole }).nullable(),
  apps: z.strictObject({
    way: z.enum(APP_WAYS),
    teamSize: whole,
    showcase: whole,
    limit: whole.optional(),
    afterwards: z.enum(APPS_AFTERWARDS),
  }),
  'serving.model': text,
  'serving.limits': z
    .strictObject({ inputTokensPerMinute: whole, outputTokensPerMinute: whole, queriesPerHour: whole })
    .nullable(),
  'serving.demand': z.strictObject({
    promptsPerMinute: amount,
    commandsPerPrompt: amount.optional(),
    inputTokens: whole,
    maxTokens: whole,
    outputTokens: whole,
  }),
  'claudeCode.maxOutputTokens': whole.nullable(),
  'claudeCode.smallModel': text.nullable(),
  'claudeCode.gateway': z.enum(GATEWAYS).nullable(),
  'claudeCode.headers': z.record(text, text).nullable(),
  'claudeCode.allow': z.array(text).max(100).nullable(),
  'claudeCode.withoutQuestions': z.boolean().nullable(),
  'prices.vmPerHour': amount,
  'prices.dbuPerHour': amount,
  'prices.perDbu': amount,
  'prices.apps': z.strictObject({ dbuPerHour: amount, perDbu: amount }),
  'prices.tokens': z.strictObject({ perMillionInput: amount, perMillionOutput: amount }).nullable(),
  'compute.breaker': z.strictObject({ failures: whole }).nullable(),
  'compute.nodeType': text,
  'compute.fallbackNodeTypes': z.array(text).max(5),
  'compute.sparkVersion': text,
  'compute.autoTerminationMinutes': whole,
  'compute.pool.margin': whole,
  'compute.pool.spares': whole,
} satisfies Readonly<Record<AmendableField, z.ZodType>>;

/** Field → what it says now; see amendment.ts. */
export const amendmentSchema: z.ZodType<Amendment, Amendment> = z.strictObject(FIELDS).partial();
