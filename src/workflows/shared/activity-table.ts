import type { Activities } from '../../activities/index.ts';
import type { Queues } from '../../domain/replayed/made/addresses.ts';

interface Row {
  /**
   * The queue it waits in; how long it may take goes with it (see calls.ts). `workflows`: it waits nowhere, but is done
   * within the workflow's own task, and leaves one event.
   */
  readonly queue: keyof Queues;
  /** What it does, as the Temporal UI shows it beside its name. */
  readonly summary: string;
}

/** Every activity, declared once: one that has no row here, or a row that has no activity, does not compile. */
export const ACTIVITY_TABLE = {
  whatMayI: { queue: 'calls', summary: 'What may the worker do here?' },
  whoAmI: { queue: 'calls', summary: 'Who is the worker?' },
  claimWorkshop: { queue: 'calls', summary: 'Claim the workshop for this server, or renew the claim' },
  takenOver: { queue: 'calls', summary: 'Does another server work with what this run has made?' },
  releaseClaim: { queue: 'calls', summary: 'Take the claim away' },
  ensureVolumes: { queue: 'calls', summary: 'Volumes for scripts and logs' },
  uploadScripts: { queue: 'calls', summary: 'Upload the init scripts that differ' },
  changedScripts: { queue: 'calls', summary: 'Are the init scripts as they were?' },
  ensurePolicy: { queue: 'calls', summary: 'Find or create the cluster policy' },
  policyIsThere: { queue: 'calls', summary: 'Is the policy still there?' },
  ensurePool: { queue: 'calls', summary: 'Find or create the instance pool' },
  setPoolMinimum: { queue: 'calls', summary: 'How many instances wait in the pool' },
  fillPool: { queue: 'watch', summary: 'Fill the pool and wait' },
  poolIsActive: { queue: 'calls', summary: 'Is the pool active?' },
  findPerson: { queue: 'calls', summary: 'Find the person in the workspace' },
  lookUpPeople: { queue: 'calls', summary: 'Are these people in the workspace?' },
  peopleWhoChanged: { queue: 'calls', summary: 'Are these people in the workspace as they were?' },
  openAccess: { queue: 'calls', summary: 'Volumes, pool and endpoint for the person' },
  grantGroup: { queue: 'calls', summary: 'Volumes for the attendee group' },
  checkAppRoom: { queue: 'calls', summary: "Is there room for everybody's apps?" },
  probeEndpoint: { queue: 'calls', summary: 'Does Model Serving answer?' },
  modelAnswers: { queue: 'calls', summary: 'Does the model answer the room?' },
  createCluster: { queue: 'launch', summary: 'Look, create, look' },
  shareCluster: { queue: 'calls', summary: 'CAN_RESTART for the person' },
  verifyCluster: { queue: 'calls', summary: 'Did the init script succeed?' },
  runOnCluster: { queue: 'jobs', summary: 'Look at the cluster as its attendee, and save their work' },
  stopCluster: { queue: 'calls', summary: 'Stop the cluster' },
  startCluster: { queue: 'launch', summary: 'Start the cluster' },
  moveCluster: { queue: 'calls', summary: 'Another node type' },
  awaitCluster: { queue: 'watch', summary: 'Wait for the canary' },
  tryChain: { queue: 'watch', summary: 'From the worker to an answer of Claude Code' },
  removeCluster: { queue: 'watch', summary: 'Remove the canary' },
  watchClusters: { queue: 'watch', summary: "Watch the cohort's clusters" },
  removeTwin: { queue: 'calls', summary: 'Remove a second cluster of one seat' },
  lookForRemains: { queue: 'calls', summary: 'What is left of this run?' },
  lookAtPools: { queue: 'calls', summary: 'What waits in the pools of this run?' },
  terminateClusters: { queue: 'watch', summary: 'Terminate clusters' },
  deleteClusters: { queue: 'watch', summary: 'Delete clusters for good' },
  deletePool: { queue: 'calls', summary: 'Delete the pool' },
  quietPool: { queue: 'calls', summary: 'Keep the pool, with nothing idle' },
  takeBackRightsOf: { queue: 'calls', summary: 'Take back what one person was given' },
  writeReport: { queue: 'calls', summary: 'Write the report' },
  writeHandover: { queue: 'calls', summary: 'Write down how to finish without this program' },
  deliverLetter: { queue: 'calls', summary: 'Letter to the person' },
  endApps: { queue: 'calls', summary: "Count and end people's apps" },
  sendWritten: { queue: 'calls', summary: 'Send the letters that had no channel before' },
  sendFeedback: { queue: 'calls', summary: 'Feedback letters' },
  sendCancellation: { queue: 'calls', summary: 'Tell everybody that it is called off' },
  notify: { queue: 'calls', summary: 'Tell somebody' },
  writeToRoom: { queue: 'calls', summary: 'Letters to the room' },
  openRoom: { queue: 'calls', summary: 'The room is open, and listens' },
  hearHelp: { queue: 'watch', summary: 'Listen for whoever asks for help on their cluster' },
  tellRoom: { queue: 'calls', summary: 'A word from the room to its people' },
  handOver: { queue: 'messages', summary: 'Hand a message over to its channel' },
  handOverSome: { queue: 'messages', summary: 'Hand messages over to their channel, one after another' },
  closeCohorts: { queue: 'watch', summary: 'Close every cohort and attendee: nobody creates any more' },
  rollCall: { queue: 'calls', summary: 'Is everybody there?' },
  tellCohort: { queue: 'workflows', summary: 'Tell the cohort how the seat stands' },
  tellAttendees: { queue: 'watch', summary: 'Tell seats of a cohort what is new' },
  startCohortAgain: { queue: 'calls', summary: 'Start a cohort again that was ended' },
  lookAtParts: { queue: 'calls', summary: 'Which workshops of the event still run?' },
  writeEventReport: { queue: 'calls', summary: 'Put the reports of all workspaces together' },
  standingOf: { queue: 'calls', summary: 'Is the lifecycle running?' },
  startTeardown: { queue: 'calls', summary: 'Start the removal, or join it' },
  moveReaper: { queue: 'calls', summary: 'The reaper learns the new moments' },
  removeReaper: { queue: 'calls', summary: "The reaper's own end" },
} as const satisfies Readonly<Record<keyof Activities, Row>>;
