/** Something a person should hear of. `to` is an e-mail address, or a role of the plan's contacts. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** What is sent along: the same content under a name, however many messages carry it. */
  readonly attachments?: readonly Attachment[];
}

export interface Attachment {
  /** Safe as a file name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A way to reach people. Delivering the same message under the same name again must not deliver it twice. */
export interface Notifier {
  /**
   * @param name unique within the workshop, safe as a file name. Returns where it went, for the checklist's evidence.
   */
  deliver(workshopId: string, name: string, message: Message): Promise<string>;
}
