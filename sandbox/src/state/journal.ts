import { ApiError } from '../http/errors.ts';
import { perform } from '../http/perform.ts';
import type { Asked } from '../http/perform.ts';
import type { Reply, Route } from '../http/router.ts';
import type { Clock } from '../time/clock.ts';
import type { Workspace } from '../workspace.ts';
import type { Bodies, StoredBody } from './bodies.ts';
import { applyAct } from './control-acts.ts';
import type { ActResult, ControlAct } from './control-acts.ts';
import type { Json, Unnumbered } from './entries.ts';
import type { JournalFile } from './journal-file.ts';

/** Where a journal is written to. */
export interface Sink {
  readonly file: JournalFile;
  readonly bodies: Bodies;
}

/**
 * Everything that changes the workspace goes through here: requests, control acts, and what came from outside. Each is written down
 * in the same turn in which it happened, so that the order on disk is the order of effects, and replay.ts can carry it out again.
 */
export class Journal {
  readonly #workspace: Workspace;
  readonly #clock: Clock;
  #sink: Sink | undefined;
  /** What is reported while a request is carried out belongs behind it. */
  #held: Unnumbered[] | undefined;

  constructor(workspace: Workspace, clock: Clock) {
    this.#workspace = workspace;
    this.#clock = clock;
    workspace.outcomes.listen({
      outcome: ({ kind, key, data }, at) => this.#note({ at, outcome: { kind, key, data: plain(data) } }),
      seen: ({ key, value }) => this.#note({ at: this.#clock.now(), seen: { key, value: plain(value) } }),
    });
  }

  /** From now on it is written down. Without this nothing is kept. */
  keepIn(sink: Sink): void {
    this.#sink = sink;
  }

  /** Carries a request out now. A refused one changed nothing and is not kept. */
  carryOut(asked: Asked): Reply | Promise<Reply> {
    const at = this.#workspace.advance();
    const seed = this.#workspace.chance.reseed();
    if (!isJournaled(asked.route)) {
      const reply = perform(this.#workspace, asked, at);
      if (!(reply instanceof Promise)) this.#workspace.ledger.noteFile(asked, at);
      return reply;
    }
    this.#refuseWhenBroken();
    return this.#holding(() => {
      const reply = perform(this.#workspace, asked, at);
      if (reply instanceof Promise) return neverLate(asked.route, reply);
      const status = reply.status ?? 200;
      if (status < 400) {
        this.#workspace.ledger.lookAfter(asked, at);
        this.#write({
          at,
          seed: seed.toString('base64'),
          ...asCaller(asked),
          method: asked.method,
          url: asked.url,
          headers: headersOf(asked),
          ...this.#stored(asked.bytes),
          status,
        });
      }
      return reply;
    });
  }

  /** Does something to the sandbox from outside of the workspace. @throws {RangeError} as {@link applyAct} does. */
  act(given: ControlAct): ActResult {
    const at = this.#workspace.advance();
    const seed = this.#workspace.chance.reseed();
    this.#refuseWhenBroken();
    return this.#holding(() => {
      const result = applyAct(this.#workspace, this.#clock, given, at);
      this.#write({ at, seed: seed.toString('base64'), act: given });
      return result;
    });
  }

  close(): void {
    this.#sink?.file.close();
    this.#sink = undefined;
  }

  #holding<T>(work: () => T): T {
    const held: Unnumbered[] = [];
    this.#held = held;
    const own = this.#sink;
    try {
      return work();
    } finally {
      this.#held = undefined;
      for (const entry of held) own?.file.append(entry);
    }
  }

  /** What happened by itself: there is nobody to tell that it could not be written down, but whoever wants to change something next. */
  #note(entry: Unnumbered): void {
    try {
      this.#write(entry);
    } catch {
      // The file knows that it is broken.
    }
  }

  #write(entry: Unnumbered): void {
    if (!this.#sink) return;
    if (this.#held && !('seed' in entry)) this.#held.push(entry);
    else this.#sink.file.append(entry);
  }

  #stored(bytes: Buffer): StoredBody {
    if (!this.#sink) return {};
    try {
      return this.#sink.bodies.store(bytes);
    } catch (error) {
      this.#sink.file.giveUp();
      throw error;
    }
  }

  #refuseWhenBroken(): void {
    if (!this.#sink?.file.isBroken()) return;
    throw new ApiError({
      status: 500,
      errorCode: 'INTERNAL_ERROR',
      message:
        'The sandbox could not write down its state, so it changes nothing any more. Make room on its disk and start it again: all it answered before is kept.',
    });
  }
}

/** Whether requests on this route are written down. */
const isJournaled = (route: Route): boolean =>
  route.method !== 'GET' && route.method !== 'HEAD' && route.journaled !== false;

const asCaller = ({ caller }: Asked): { caller?: string } => (caller ? { caller: caller.id } : {});

/** Those that handlers read. Only open routes look at credentials themselves: everywhere else the caller is known already. */
function headersOf({ headers, route }: Asked): Record<string, string> {
  const type = headers['content-type'];
  const credentials = route.access === 'open' ? headers.authorization : undefined;
  return {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(credentials === undefined ? {} : { authorization: credentials }),
  };
}

const plain = (value: unknown): Json | undefined =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);

function neverLate(route: Route, reply: Promise<Reply>): never {
  reply.catch(() => {});
  throw new Error(
    `${route.method} ${route.path} must answer at once or be journaled: false, for the order of effects must be known`,
  );
}
