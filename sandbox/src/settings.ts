import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { faultList } from './faults/fault.ts';
import { REFUSABLE } from './serving/messages/strictness.ts';
import { StateRefused } from './state/state-refused.ts';

const aboveZero = z
  .number('must be a number')
  .positive('must be a number above 0')
  .max(Number.MAX_VALUE, 'must be a finite number');

/** What decides how a workspace behaves, from its first moment on; a kept state keeps it. */
const settingsShape = z.object({
  seed: z.string().default('sandbox'),
  speed: aboveZero.default(1),
  idleSpeed: aboveZero.default(1),
  launch: z.object({ burst: aboveZero, perSecond: aboveZero }).readonly().default({ burst: 200, perSecond: 1 }),
  inputTokensPerMinute: aboveZero.default(100_000_000),
  outputTokensPerMinute: aboveZero.default(10_000_000),
  queriesPerHour: aboveZero.default(1_000_000),
  outputTokensPerSecond: aboveZero.default(80),
  mostApps: z.int().min(0).default(100),
  strangersApps: z.int().min(0).default(0),
  appsRefusal: z
    .object({ status: z.int().min(400).max(599), errorCode: z.string() })
    .readonly()
    .default({ status: 400, errorCode: 'QUOTA_EXCEEDED' }),
  messagesRefuse: z.array(z.enum(REFUSABLE)).readonly().default([]),
  expiredTokenStatus: z.union([z.literal(400), z.literal(401), z.literal(403)]).default(403),
  personalCompute: z.boolean().default(true),
  adminUserName: z.string().default('workshop-admin@example.com'),
  people: z.array(z.string()).readonly().default([]),
  faults: faultList.readonly().default([]),
});

export type Settings = z.output<typeof settingsShape>;

/**
 * Every setting, given or by default.
 * @throws {RangeError} for a number that is not above zero, and for faults that are none.
 */
export function decideSettings(given: object): Settings {
  const settings = settingsShape.safeParse(given);
  if (settings.success) return settings.data;
  const issue = settings.error.issues[0];
  throw new RangeError(`The sandbox option ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not accepted'}`);
}

/**
 * The settings that a kept state began with, when what is given now does not contradict them. People may be given
 * that were not there.
 * @throws {StateRefused} naming each contradiction.
 */
export function keptSettings(kept: object, given: object, folder: string): Settings {
  const settings = settingsShape.safeParse(kept).data;
  if (!settings)
    throw new StateRefused(
      `The kept state is damaged: the snapshot in ${folder} holds settings that no sandbox has. Put ` +
        'the file back from a copy, or start with another folder.',
    );
  const asked = decideSettings(given);
  const named = Object.entries(given).flatMap(([name, value]) =>
    value !== undefined && name !== 'people' && Object.hasOwn(settings, name) ? [name as keyof Settings] : [],
  );
  const differing = named.filter((name) => !isDeepStrictEqual(asked[name], settings[name]));
  if (differing.length === 0) return settings;
  const lines = differing.map(
    (name) => `${name} is ${JSON.stringify(settings[name])} there, and ${JSON.stringify(asked[name])} was asked for`,
  );
  throw new StateRefused(
    `The state in ${folder} began with other settings: ${lines.join('; ')}. Leave the option out to ` +
      'go on with it as it is, or start with another folder.',
  );
}
