import { z } from 'zod';
import type { Principal, Principals } from '../identity/principals.ts';
import { RateLimit } from './rate-limits.ts';
import type { Applying } from './rate-limits.ts';
import { text } from '../http/request-body.ts';

const MINUTE = 60_000;

/** One line of rate_limits: for everybody together, for each user alone, or for one user, service principal or group. */
export const gatewayRateLimit = z
  .object({
    calls: z.int().min(0).optional(),
    tokens: z.int().min(0).optional(),
    key: z.enum(['user', 'endpoint', 'user_group', 'service_principal']).default('endpoint'),
    principal: text.optional(),
    renewal_period: z.literal('minute'),
  })
  .refine((limit) => limit.calls !== undefined || limit.tokens !== undefined, {
    message: 'calls or tokens must be given',
    path: ['calls'],
  });
export type GatewayRateLimit = z.output<typeof gatewayRateLimit>;

/** The limits that somebody put on an endpoint, besides the workspace's own. */
export class GatewayLimits {
  readonly lines: readonly GatewayRateLimit[];
  readonly #limits = new Map<string, RateLimit>();

  constructor(lines: readonly GatewayRateLimit[]) {
    this.lines = lines;
  }

  for(who: Principal, principals: Principals): Applying[] {
    return this.lines.flatMap((line, index) => {
      const whose = holderOf(line, who, principals);
      if (whose === undefined) return [];
      return (['calls', 'tokens'] as const).flatMap((counts) => {
        const most = line[counts];
        return most === undefined
          ? []
          : [
              {
                counts: counts === 'calls' ? 'queries' : 'all tokens',
                limit: this.#limit(`${index}/${counts}/${whose}`, `${line.key} ${counts} per minute`, most),
              },
            ];
      });
    });
  }

  #limit(key: string, name: string, most: number): RateLimit {
    const limit = this.#limits.get(key) ?? new RateLimit(name, most, MINUTE);
    this.#limits.set(key, limit);
    return limit;
  }
}

/** Who shares the counter of this line with the caller; undefined when it is not about them. */
function holderOf({ key, principal }: GatewayRateLimit, who: Principal, principals: Principals): string | undefined {
  if (key === 'endpoint') return 'all';
  if (key === 'user_group')
    return principals.groupsOf(who).some((group) => group.displayName === principal) ? 'group' : undefined;
  if (principal !== undefined) return who.userName.toLowerCase() === principal.toLowerCase() ? who.id : undefined;
  return (key === 'service_principal') === (who.kind === 'service-principal') ? who.id : undefined;
}
