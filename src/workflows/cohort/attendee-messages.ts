import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import type { ClusterNews } from '../../domain/replayed/seat/seat.ts';
import { clusterNews, raise, release, takeOut, type Raise, type TakeOut } from '../shared/messages.ts';

const SENT_AT_ONCE = 100;

/** Something for one attendee. */
interface Message {
  readonly to: string;
  readonly content: Raise | ClusterNews | TakeOut | 'release';
}

/** What a cohort has to tell its attendees, in order. */
export class AttendeeMessages {
  readonly #workshopId: string;
  readonly #nobodyThere: (key: string) => void;
  readonly #waiting: Message[] = [];

  /** @param nobodyThere is told whose workflow did not hear */
  constructor(workshopId: string, nobodyThere: (key: string) => void) {
    this.#workshopId = workshopId;
    this.#nobodyThere = nobodyThere;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  push(message: Message): void {
    this.#waiting.push(message);
  }

  /** Sends the next of them. */
  async send(): Promise<void> {
    const messages = this.#waiting.splice(0, SENT_AT_ONCE);
    await Promise.all(messages.map((message) => this.#sendOne(message)));
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
