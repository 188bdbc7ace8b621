import { randomHex } from '../random.ts';
import type { Pace } from '../time/pace.ts';
import type { App, Deployment } from './app-model.ts';
import { moveTo, touch } from './app-model.ts';
import { deploysAlready, notRunning, notTerminal, wrongState } from './app-refusals.ts';
import type { AppsWorld } from './apps-world.ts';
import type { AppHosts } from './running/app-hosts.ts';

/** A plan for the compute of an app, which counts only while nothing else was asked of it. */
interface ComputePlan {
  readonly app: App;
  readonly epoch: number;
}

interface StartPlan extends ComputePlan {
  /** The user name of who asked for it. */
  readonly by: string;
}

interface DeploymentPlan {
  readonly app: App;
  readonly deployment: Deployment;
}

/** A deployment as it is asked for. */
export type NewDeployment = Pick<Deployment, 'creator' | 'sourceCodePath' | 'mode' | 'command' | 'env' | 'failure'>;

/** Where apps get their code, and who keeps them. */
interface AroundApps {
  /** Why a source cannot be deployed; undefined when it can. */
  readonly failureOf: (sourceCodePath: string) => string | undefined;
  /** Told of an app whose deletion has ended. */
  readonly whenGone: (app: App, at: number) => void;
}

const STARTED = 'App started successfully';

/**
 * How apps go from state to state (docs/facts/apps.md section 1.3). What is asked is refused in the wrong state, and
 * otherwise takes its time.
 */
export class AppLife {
  readonly #hosts: AppHosts;
  readonly #pace: Pace;
  readonly #startEnds: (at: number, plan: StartPlan) => void;
  readonly #stopEnds: (at: number, plan: ComputePlan) => void;
  readonly #deletionEnds: (at: number, plan: ComputePlan) => void;
  readonly #deploymentEnds: (at: number, plan: DeploymentPlan) => void;
  readonly #failureOf: AroundApps['failureOf'];

  constructor(
    { schedule, appHosts }: Pick<AppsWorld, 'schedule' | 'appHosts'>,
    pace: Pace,
    { failureOf, whenGone }: AroundApps,
  ) {
    this.#hosts = appHosts;
    this.#pace = pace;
    this.#failureOf = failureOf;
    this.#startEnds = schedule.plans('an app is up', ({ app, epoch, by }: StartPlan, at) => {
      if (app.epoch === epoch) this.#isUp(app, by, at);
    });
    this.#stopEnds = schedule.plans(
      'an app has stopped',
      whenCurrent((app, at) => moveTo(app, 'STOPPED', at)),
    );
    this.#deletionEnds = schedule.plans('an app is gone', whenCurrent(whenGone));
    this.#deploymentEnds = schedule.plans('a deployment of an app ends', ({ app, deployment }: DeploymentPlan, at) =>
      this.deployed(app, deployment, deployment.failure, at),
    );
  }

  /** Starts a new app, or lets it be stopped from the start. */
  begin(app: App, isToRun: boolean): void {
    if (isToRun) this.#goUp(app, app.creator, app.createdAt);
    else moveTo(app, 'STOPPED', app.createdAt);
  }

  /** One that has been running for long. */
  beginRunning(app: App): void {
    this.#isUp(app, app.creator, app.createdAt);
  }

  /** @throws 400 unless it is STOPPED. */
  start(app: App, by: string, at: number): void {
    if (app.compute !== 'STOPPED') throw wrongState(app, 'start');
    touch(app, by, at);
    this.#goUp(app, by, at);
  }

  /**
   * Ends a deployment in progress, too, and forgets which one was active.
   * @throws 400 unless it is ACTIVE.
   */
  stop(app: App, by: string, at: number): void {
    if (app.compute !== 'ACTIVE') throw wrongState(app, 'stop');
    touch(app, by, at);
    this.#endDeployments(app, at);
    moveTo(app, 'STOPPING', at);
    app.epoch += 1;
    this.#stopEnds(at + this.#pace.appStop(keyOf(app)), { app, epoch: app.epoch });
  }

  /** @throws 400 while it starts, stops or is deleted already. */
  delete(app: App, by: string, at: number): void {
    if (app.compute !== 'ACTIVE' && app.compute !== 'STOPPED') throw notTerminal(app);
    touch(app, by, at);
    this.#endDeployments(app, at);
    app.deletedBy = by;
    moveTo(app, 'DELETING', at);
    app.epoch += 1;
    this.#deletionEnds(at + this.#pace.appRemoval(keyOf(app)), { app, epoch: app.epoch });
  }

  /** @throws 400 unless its compute is ACTIVE, and while another one is in progress. */
  deploy(app: App, asked: NewDeployment, at: number): Deployment {
    if (app.compute !== 'ACTIVE') throw notRunning(app);
    if (app.pending) throw deploysAlready(app);
    const deployment: Deployment = {
      ...asked,
      id: randomHex(),
      createdAt: at,
      state: 'IN_PROGRESS',
      message: 'Preparing source code for new app deployment.',
      updatedAt: at,
    };
    app.deployments.push(deployment);
    app.pending = deployment;
    if (app.address !== undefined && deployment.failure === undefined) {
      this.#hosts.deploy(app, deployment, at);
      return deployment;
    }
    const takes = this.#pace.appDeployment(`${app.name}/${app.deployments.length}`);
    this.#deploymentEnds(at + takes, { app, deployment });
    return deployment;
  }

  #goUp(app: App, by: string, at: number): void {
    moveTo(app, 'STARTING', at);
    this.#hosts.begin(app, at);
    app.epoch += 1;
    this.#startEnds(at + this.#pace.appStart(keyOf(app)), { app, epoch: app.epoch, by });
  }

  /** What was deployed last is deployed again; until something was, the platform puts a default of its own into it. */
  #isUp(app: App, by: string, at: number): void {
    moveTo(app, 'ACTIVE', at);
    const { lastGood } = app;
    if (lastGood) {
      this.deploy(app, { ...lastGood, creator: by, failure: this.#failureOf(lastGood.sourceCodePath) }, at);
      return;
    }
    const sourceCodePath = `/Workspace/Users/${app.creator}/${app.name}`;
    const deployment: Deployment = {
      id: randomHex(),
      creator: by,
      createdAt: at,
      sourceCodePath,
      mode: 'SNAPSHOT',
      command: undefined,
      env: [],
      state: 'SUCCEEDED',
      message: STARTED,
      updatedAt: at,
      failure: undefined,
    };
    app.deployments.push(deployment);
    app.active = deployment;
    app.defaultSourceCodePath ??= sourceCodePath;
  }

  /**
   * A deployment has ended. A failed one leaves the one before it in its place.
   * @param failure what is said of it; undefined when it has succeeded.
   */
  deployed(app: App, deployment: Deployment, failure: string | undefined, at: number): void {
    if (deployment.state !== 'IN_PROGRESS') return;
    app.pending = undefined;
    end(deployment, failure === undefined ? 'SUCCEEDED' : 'FAILED', failure ?? STARTED, at);
    if (failure !== undefined) return;
    app.active = deployment;
    app.hasCrashed = false;
    app.lastGood = deployment;
    app.defaultSourceCodePath = deployment.sourceCodePath;
  }

  /** The code in it has ended by itself; its compute goes on, and is paid. */
  crashed(app: App): void {
    app.hasCrashed = true;
  }

  #endDeployments(app: App, at: number): void {
    this.#hosts.stop(app, at);
    app.hasCrashed = false;
    if (app.pending)
      end(app.pending, 'CANCELLED', 'The deployment was cancelled, as its app was stopped or deleted.', at);
    app.pending = undefined;
    app.active = undefined;
  }
}

const whenCurrent =
  (act: (app: App, at: number) => void) =>
  ({ app, epoch }: ComputePlan, at: number): void => {
    if (app.epoch === epoch) act(app, at);
  };

/** What draws are made by: the same app does the same thing for as long in every rehearsal. */
const keyOf = ({ name, history }: App): string => `${name}/${history.length}`;

function end(deployment: Deployment, state: Deployment['state'], message: string, at: number): void {
  deployment.state = state;
  deployment.message = message;
  deployment.updatedAt = at;
}
