import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Told } from '../../activities/people/tell-attendees.ts';
import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { ClusterNews } from '../../domain/replayed/seat/seat.ts';
import type { Calls } from '../shared/calls.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { clusterNews, raise, release, takeOut, type Raise, type TakeOut } from '../shared/messages.ts';

const SENT_AT_ONCE = 100;
/** By an activity, which costs the same for one as for many. */
const TOLD_AT_ONCE = 500;

type Content = Raise | ClusterNews | TakeOut | 'release';

/** Something for one attendee. */
interface Message {
  readonly to: string;
  readonly content: Content;
}

/** What a cohort has to tell its attendees, in order. */
export class AttendeeMessages {
  readonly #workshopId: string;
  readonly #nobodyThere: (key: string) => void;
  readonly #tell: Calls['tellAttendees'] | undefined;
  #waiting: Message[] = [];

  /**
   * @param nobodyThere is told whose workflow did not hear
   * @param tell tells many of them at once; undefined: one signal each, as cohorts did that began earlier
   */
  constructor(workshopId: string, nobodyThere: (key: string) => void, tell?: Calls['tellAttendees']) {
    this.#workshopId = workshopId;
    this.#nobodyThere = nobodyThere;
    this.#tell = tell;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  push(message: Message): void {
    this.#waiting.push(message);
  }

  /** Sends the next of them. Not async: those who send one by one must not wait for a promise more than they did. */
  send(): Promise<void> {
    return this.#tell ? this.#sendTogether(this.#tell) : this.#sendApart();
  }

  async #sendApart(): Promise<void> {
    const messages = this.#waiting.splice(0, SENT_AT_ONCE);
    await Promise.all(messages.map((message) => this.#sendOne(message)));
  }

  /** What came while the ones before were sent goes together. */
  async #sendTogether(tell: Calls['tellAttendees']): Promise<void> {
    const waiting = together(this.#waiting);
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += TOLD_AT_ONCE) {
      const some = waiting.slice(at, at + TOLD_AT_ONCE);
      try {
        const absent = await tell({ workshopId: this.#workshopId, told: byContent(some) });
        for (const key of absent) this.#nobodyThere(key);
      } catch (error) {
        ignoreUnlessCancelled(error);
        for (const { to } of some) this.#nobodyThere(to);
      }
    }
  }

  async #sendOne({ to, content }: Message): Promise<void> {
    const handle = getExternalWorkflowHandle(attendeeAddress(this.#workshopId, to));
    try {
      if (content === 'release') await handle.signal(release);
      else if ('keys' in content) await handle.signal(takeOut, content);
      else if ('target' in content) await handle.signal(raise, content);
      else await handle.signal(clusterNews, content);
    } catch {
      this.#nobodyThere(to);
    }
  }
}

const isRaise = (content: Content): content is Raise => content !== 'release' && 'target' in content;

/**
 * Two wishes in a row for one seat become one: what is wanted last, and whatever was asked for once. Not where the
 * moments or a stop of launches differ: a seat makes something of the change itself.
 */
function together(messages: readonly Message[]): readonly Message[] {
  const all: Message[] = [];
  const last = new Map<string, number>();
  for (const message of messages) {
    const at = last.get(message.to);
    const before = at === undefined ? undefined : all[at];
    if (at !== undefined && before && isRaise(before.content) && isRaise(message.content)) {
      const { content: a } = before;
      const { content: b } = message;
      if (JSON.stringify([a.timeline, a.infrastructure.stop]) === JSON.stringify([b.timeline, b.infrastructure.stop])) {
        const lookUp = a.lookUp || b.lookUp;
        all[at] = {
          to: message.to,
          content: { ...a, ...b, wake: a.wake || b.wake, ...(lookUp === undefined ? {} : { lookUp }) },
        };
        continue;
      }
    }
    last.set(message.to, all.push(message) - 1);
  }
  return all;
}

/** Each content once, with whom it is for; whoever is told several things is so in the order in which they came. */
function byContent(messages: readonly Message[]): readonly Told[] {
  const rounds: Map<string, { readonly to: string[]; readonly signal: string; readonly content?: unknown }>[] = [];
  const heard = new Map<string, number>();
  for (const { to, content } of messages) {
    const n = heard.get(to) ?? 0;
    heard.set(to, n + 1);
    const round = (rounds[n] ??= new Map());
    const text = JSON.stringify(content);
    const same = round.get(text);
    if (same) same.to.push(to);
    else round.set(text, asSignal(to, content));
  }
  return rounds.flatMap((round) => [...round.values()]);
}

function asSignal(to: string, content: Content) {
  if (content === 'release') return { to: [to], signal: MESSAGES.release };
  if ('keys' in content) return { to: [to], signal: MESSAGES.takeOut, content };
  if ('target' in content) return { to: [to], signal: MESSAGES.raise, content };
  return { to: [to], signal: MESSAGES.clusterNews, content };
}
