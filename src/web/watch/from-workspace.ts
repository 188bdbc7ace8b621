import type { PersonConnected } from '../../domain/tunnels/connected.ts';

/** An app that somebody made in this workshop. */
export interface OwnApp {
  readonly name: string;
  /** Where it answers; a workspace may not say. */
  readonly url?: string | undefined;
  /** As the workspace calls it: ACTIVE, STOPPED and their like. */
  readonly state: string;
}

/** What only the workspace knows of the people in the room. */
export interface FromWorkspace {
  /** By address, who is connected. */
  readonly connected: ReadonlyMap<string, PersonConnected>;
  /** By the address of whoever made them, in lower case. */
  readonly apps: ReadonlyMap<string, readonly OwnApp[]>;
}
