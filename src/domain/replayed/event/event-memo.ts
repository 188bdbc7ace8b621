/** The field of an event's memo that says which workshops it has. Apart: who only looks loads nothing more for it. */
export const EVENT_MEMO = 'event';
