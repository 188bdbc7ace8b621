import { z } from 'zod';
import type { CallOptions, Transport } from '../transport/transport.ts';
import { pages } from '../transport/paging.ts';
import { maybe, nothing } from './fields.ts';
import { path } from './path.ts';

const app = z.looseObject({
  name: z.string().min(1),
  /** An address, or the client id of a service principal. */
  creator: maybe(z.string()),
  /** RFC 3339. */
  create_time: maybe(z.string()),
  /** Where it answers. */
  url: maybe(z.string()),
  /** What costs money: ACTIVE, STARTING, STOPPING, STOPPED, UPDATING, DELETING, ERROR. */
  compute_status: maybe(z.looseObject({ state: maybe(z.string()) })),
});
export type App = z.output<typeof app>;

export interface Apps {
  /** Everybody's, as far as the caller may see them. The server filters by nothing. */
  list(options?: CallOptions): AsyncIterable<App>;
  /** Ends its compute; it can be started again. Of one that is stopped already, 400. */
  stop(name: string, options?: CallOptions): Promise<void>;
  /** For good, and not at once: name and place are free up to 20 minutes later. */
  delete(name: string, options?: CallOptions): Promise<void>;
}

const PAGE_SIZE = 100;

/** Apps API 2.0 (docs/facts/apps.md section 1). */
export function apps(transport: Transport): Apps {
  return {
    list: (options) =>
      pages(
        transport,
        { method: 'GET', path: '/api/2.0/apps', query: { page_size: PAGE_SIZE }, ...options },
        'apps',
        app,
      ),
    async stop(name, options) {
      await transport.read(nothing, { method: 'POST', path: path`/api/2.0/apps/${name}/stop`, body: {}, ...options });
    },
    async delete(name, options) {
      await transport.read(nothing, { method: 'DELETE', path: path`/api/2.0/apps/${name}`, ...options });
    },
  };
}
