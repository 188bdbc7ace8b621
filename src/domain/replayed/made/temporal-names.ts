/** Names that Temporal keeps in histories, and people type on its command line: said once, here. */

/** The types of our workflows: what they are exported as. */
export const WORKFLOWS = {
  workshop: 'workshop',
  cohort: 'cohort',
  teardown: 'teardown',
  reaper: 'reaper',
  outbox: 'outbox',
  room: 'room',
  event: 'event',
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
  seatReports: 'seatReports',
  enrol: 'enrol',
  raise: 'raise',
  release: 'release',
  takeOut: 'takeOut',
  clusterNews: 'clusterNews',
  /** Of an outbox. */
  post: 'post',
  /** Several messages in one signal. */
  postSome: 'postSome',
  resend: 'resend',
  bounced: 'bounced',
  outbox: 'outbox',
  /** The same in few bytes. */
  packedOutbox: 'packedOutbox',
  /** Of a room. */
  raiseHand: 'raiseHand',
  takeHand: 'takeHand',
  lowerHand: 'lowerHand',
  addNote: 'addNote',
  setBanner: 'setBanner',
  laptopSeen: 'laptopSeen',
  tellPerson: 'tellPerson',
  /** From the lifecycle: the day has begun. */
  listen: 'listen',
  /** To an event: from whoever starts its parts, and from a part that is about to close. */
  partsKnown: 'partsKnown',
  partEnded: 'partEnded',
  room: 'room',
} as const;
