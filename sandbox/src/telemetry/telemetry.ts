import { z } from 'zod';
import { readBody } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { OpenCall, Reply, Route } from '../http/router.ts';

const body = z.looseObject({ protoLogs: z.array(z.unknown()).default([]) });

/**
 * Where clients report about themselves. What they send is counted and thrown away (docs/facts/ssh-and-claude.md, SSH
 * tunnel, step 11).
 */
export function telemetryRoutes(): Route[] {
  const handle = (call: OpenCall): Reply =>
    ok({ errors: [], numProtoSuccess: readBody(body, call.json).protoLogs.length });
  const source = 'docs/facts/ssh-and-claude.md section 2.11';
  return [
    {
      method: 'POST',
      path: '/telemetry-ext',
      does: 'Takes what clients report about themselves and throws it away',
      source,
      readsOnly: true,
      handle,
    },
    {
      method: 'POST',
      path: '/telemetry-unauth',
      does: 'The same for clients that have not signed in',
      source,
      access: 'open',
      readsOnly: true,
      handle,
    },
  ];
}
