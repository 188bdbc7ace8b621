import type { WorkshopClient } from '../client.ts';
import type { Looked } from '../reader.ts';
import { eventClient } from './event-client.ts';

/** What can be called of a client. */
type Callable = (...args: never[]) => unknown;

/**
 * The same client for whoever is asked about ids that may be an event's: from the first look at one on, it is as good
 * as a workshop. A part that was started since is known from the next look on.
 */
export function withEvents(client: WorkshopClient): WorkshopClient {
  const events = new Map<string, { readonly known: string; readonly one: WorkshopClient }>();
  const look = async (id: string): Promise<Looked> => {
    const before = events.get(id);
    const looked = before ? undefined : await client.look(id);
    if (looked && looked.state !== 'none') return looked;
    const event = await client.event(id);
    if (!event) return looked ?? client.look(id);
    const known = JSON.stringify(event);
    if (before?.known !== known) events.set(id, { known, one: eventClient(client, event) });
    return (events.get(id)?.one ?? client).look(id);
  };
  return new Proxy(client, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== 'function') return own;
      if (name === 'look') return look;
      return (...args: never[]): unknown => {
        const one = events.get(args[0] ?? '')?.one;
        const method = one ? (Reflect.get(one, name) as Callable) : (own as Callable);
        return method.apply(one ?? target, args);
      };
    },
  });
}
