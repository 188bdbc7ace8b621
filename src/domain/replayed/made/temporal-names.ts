/** Names that Temporal keeps in histories, and people type on its command line: said once, here. */

/** The types of our workflows: what they are exported as. */
export const WORKFLOWS = {
  workshop: 'workshop',
  cohort: 'cohort',
  teardown: 'teardown',
  reaper: 'reaper',
  outbox: 'outbox',
} as const;

/** A workflow task that is tried for the third time does not mend itself: a worker that dies costs one. */
export const STUCK_ATTEMPT = 3;

/** Signals, updates and queries. */
export const MESSAGES = {
  addAttendee: 'addAttendee',
  addAttendees: 'addAttendees',
  lookUp: 'lookUp',
  removeAttendees: 'removeAttendees',
  repair: 'repair',
  signOff: 'signOff',
  waive: 'waive',
  retry: 'retry',
  reschedule: 'reschedule',
  extend: 'extend',
  amend: 'amend',
  pause: 'pause',
  resume: 'resume',
  cancel: 'cancel',
  /** Asked of a lifecycle, and of a teardown. */
  progress: 'progress',
  checklist: 'checklist',
  planInForce: 'planInForce',
  /** Of a lifecycle: all that one which takes its run over has to know. */
  snapshot: 'snapshot',
  roster: 'roster',
  lastLook: 'lastLook',
  cohortReport: 'cohortReport',
  teardownReport: 'teardownReport',
  seatReport: 'seatReport',
  enrol: 'enrol',
  raise: 'raise',
  release: 'release',
  takeOut: 'takeOut',
  clusterNews: 'clusterNews',
  /** Of an outbox. */
  post: 'post',
  resend: 'resend',
  outbox: 'outbox',
} as const;
