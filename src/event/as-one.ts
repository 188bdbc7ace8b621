import type { KnownEvent } from '../domain/replayed/event/event.ts';
import { Refused } from '../temporal/client-errors.ts';

const EVENTS = new WeakMap<object, KnownEvent>();

/** What can be called of something. */
type Callable = (...args: never[]) => unknown;

/**
 * The same reader or client, for which an event is as good as a workshop. What is asked about the event's id is
 * answered by `answers`, from its parts; what no answer is known for is refused, with the ids of the parts; and what is
 * asked about any other workshop goes there as before.
 */
export function asOne<T extends object>(of: T, event: KnownEvent, answers: Partial<T>): T {
  const one = new Proxy(of, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== 'function') return own;
      const answer: unknown = Reflect.get(answers, name);
      return (...args: never[]): unknown => {
        if (args[0] !== event.id) return (own as Callable).apply(target, args);
        if (typeof answer === 'function') return (answer as Callable)(...args);
        throw new Refused(usePartsWords(event));
      };
    },
  });
  EVENTS.set(one, event);
  return one;
}

/** The event that a reader or client takes for one workshop. */
export const eventOf = (one: object): KnownEvent | undefined => EVENTS.get(one);

/** Where what is about one workspace would be told of another one's people. @throws {Refused} for an event */
export function onlyOneWorkshop(of: object): void {
  const event = eventOf(of);
  if (event) throw new Refused(usePartsWords(event));
}

/** Said where something can be done for one workshop only. */
export const usePartsWords = ({ id, parts }: KnownEvent): string =>
  `"${id}" is an event of ${parts.length} workspaces, and this is done in one of them. Name its workshop: ` +
  `${parts.map((part) => part.id).join(', ')}.`;
