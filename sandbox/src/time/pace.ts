import { drawBetween, drawLogNormal } from './draws.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * How fast this workspace lives. Durations that come out are in the sandbox's milliseconds, already divided by its
 * speed.
 */
export interface Pace {
  /** Work of the platform (boots, shutdowns), which `speed` shortens. */
  scaled(ms: number): number;
  /**
   * Waiting for people (auto-termination), which only `idleSpeed` shortens: a rehearsal must not lose its clusters to
   * the clock.
   */
  idle(minutes: number): number;
  /**
   * A node from the cloud and the runtime on it: median 5 minutes, one in twenty over 12
   * (docs/facts/databricks-workspace.md section 12).
   */
  coldBoot(key: string): number;
  /** The runtime on a node that is already there: a minute or so, longer when the pool did not preload that runtime. */
  warmBoot(key: string, preloaded: boolean): number;
  /** A node from the cloud for a pool: the part of a cold boot before the runtime starts. */
  acquireNode(key: string): number;
  shutdown(key: string): number;
  /** The compute of an app, new or stopped: 2 to 3 minutes (docs/facts/apps.md section 1.5). */
  appStart(key: string): number;
  appStop(key: string): number;
  /** New code in an app: 10 to 60 seconds (docs/facts/apps.md section 1.5). */
  appDeployment(key: string): number;
  /**
   * Until a deleted app is gone: a minute as a rule, one in twenty over 5, never 20 (docs/facts/apps.md section 1.3).
   */
  appRemoval(key: string): number;
}

/** @param seed draws are a function of it and of the key given, never of the order they are made in. */
export function createPace(seed: string, speed: number, idleSpeed: number): Pace {
  const scaled = (ms: number): number => Math.max(1, Math.round(ms / speed));
  return {
    scaled,
    idle: (minutes) => Math.max(1, Math.round((minutes * MINUTE) / idleSpeed)),
    coldBoot: (key) => scaled(drawLogNormal(seed, `cold/${key}`, 5 * MINUTE, 12 * MINUTE)),
    warmBoot: (key, preloaded) =>
      scaled(drawBetween(seed, `warm/${key}`, 60 * SECOND, 90 * SECOND) + (preloaded ? 0 : 60 * SECOND)),
    acquireNode: (key) => scaled(drawLogNormal(seed, `node/${key}`, 3.75 * MINUTE, 10.5 * MINUTE)),
    shutdown: (key) => scaled(drawBetween(seed, `shutdown/${key}`, 20 * SECOND, 50 * SECOND)),
    appStart: (key) => scaled(drawBetween(seed, `app/${key}`, 2 * MINUTE, 3 * MINUTE)),
    appStop: (key) => scaled(drawBetween(seed, `app stop/${key}`, 10 * SECOND, 30 * SECOND)),
    appDeployment: (key) => scaled(drawBetween(seed, `app code/${key}`, 10 * SECOND, 60 * SECOND)),
    appRemoval: (key) => scaled(drawLogNormal(seed, `app removal/${key}`, MINUTE, 5 * MINUTE)),
  };
}
