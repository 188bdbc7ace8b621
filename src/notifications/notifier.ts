/** Something a person should hear of. `to` is an e-mail address, or a role of the plan's contacts. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** A way to reach people. Delivering the same message under the same name again must not deliver it twice. */
export interface Notifier {
  /** @param name unique within the workshop, safe as a file name. Returns where it went, for the checklist's evidence. */
  deliver(workshopId: string, name: string, message: Message): Promise<string>;
}
