import type { Plan } from '../domain/plan/plan.ts';
import type { Calendar, Posted } from '../domain/replayed/outbox/outbox.ts';
import type { LetterName } from '../domain/messages/letter-names.ts';
import { channelsOfLetter, type Group } from '../domain/replayed/outbox/channels.ts';

/** Something a person should hear of. `to` is an e-mail address, or what the plan's contacts have in its place. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** What is sent along: the same content under a name, however many messages carry it. */
  readonly attachments?: readonly Attachment[];
  readonly calendar?: Calendar;
  /** By which channels it leaves; without it, it is written into the folder only. */
  readonly by?: By;
}

/** Whom a message is for, and what the plan says of channels. */
export type By = Pick<Posted, 'group' | 'plan' | 'title'>;

export interface Attachment {
  /** Safe as a file name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Which workshop a message is of. */
export interface Sender {
  readonly workshopId: string;
  readonly runId: string;
  readonly workspaceId: string;
}

/** A way to reach people. Delivering the same message under the same name again must not deliver it twice. */
export interface Notifier {
  /**
   * @param name unique within the workshop, safe as a file name. Returns where it went, for the checklist's evidence.
   */
  deliver(run: Sender, name: string, message: Message): Promise<string>;
}

type Sends = Pick<Plan, 'title'> & Partial<Pick<Plan, 'messages'>>;

/** What the plan says of channels for a group; nothing where it says nothing. */
export const by = ({ messages, title }: Sends, group: Group): { by?: By } =>
  messages !== undefined && messages[group].length > 0 ? { by: { group, plan: messages, title } } : {};

/** The same for a letter to an attendee, which may have channels of its own. */
export const byForLetter = ({ messages, title }: Sends, letter: LetterName): { by?: By } =>
  messages === undefined
    ? {}
    : by({ title, messages: { ...messages, attendees: [...channelsOfLetter(messages, letter)] } }, 'attendees');
