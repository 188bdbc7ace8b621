import type { Sandbox } from '../../sandbox/index.ts';

/** Something that is under way: a command, or what stands for one. */
export interface Running {
  /** How it ended, in words; `well` when nothing is wrong. Never rejects. */
  readonly ended: Promise<string>;
  /** With SIGKILL, and all that it has started. */
  kill(): void;
}

/** Whoever makes everybody's cluster and takes it away again, in a sandbox of their own. */
export interface Opened {
  /** Makes what is missing. Called again, it is run again. */
  up(): Running;
  /** The removal that it offers. */
  down(): Running;
  close(): Promise<void>;
}

export interface Where {
  readonly sandbox: Sandbox;
  readonly people: readonly string[];
  /** Empty at first; it stays from `up` to `down`. */
  readonly folder: string;
}

export interface StandIn {
  readonly name: string;
  open(where: Where): Promise<Opened>;
}

/** One that cannot be tried on this computer. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export const WELL = 'well';
