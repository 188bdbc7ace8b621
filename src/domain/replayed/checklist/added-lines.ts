// Lines that no plan has: each is there once something happened.

/** Sign-offs that come up only when a canary could not try something itself. */
export type CanaryByHandId = 'canary-chain' | 'canary-chain-again';

/** Something that only a workspace admin can do, named after the right that is missing. */
export type HandOffId = `admin-${string}`;

/** The line about workflows that were ended from outside: it is there once one was. */
export type RollCallId = 'roll-call';

/** The line about launches that were stopped because too many failed alike: it is there once they were. */
export type LaunchesId = 'launches';

/** The line about the claim on this workshop: it is there once it could not be had. */
export type ClaimId = 'claim';

/** The line about a workspace that does not answer: it is there once people waited for it. */
export type WorkspaceId = 'workspace';

/** The line about a model that refuses the room: it is there once it did. */
export type ModelId = 'model';

export type AddedLineId = CanaryByHandId | HandOffId | RollCallId | LaunchesId | ClaimId | WorkspaceId | ModelId;
