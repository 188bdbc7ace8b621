import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { FileTree } from '../../disk/file-tree.ts';
import { removeRoot } from '../../nodes/machine/remove-root.ts';
import type { App, Deployment } from '../app-model.ts';
import { ownVariables, platformVariables, withPort } from './app-environment.ts';
import { AppFront } from './front/app-front.ts';
import type { AppHosts } from './app-hosts.ts';
import type { AppHostsWorld } from './app-hosts-world.ts';
import { AppLog } from './front/app-log.ts';
import { AppProcess } from './app-process.ts';
import { readAppYaml, usualCommand } from './app-yaml.ts';
import { DeploymentFailed } from './deployment-failed.ts';
import { filesBelow, sourceFiles } from './source-files.ts';

/** Between SIGTERM and SIGKILL, of a real workspace's time (docs/facts/apps.md section 4). */
const GRACE_MS = 15_000;
/** Apps make no requests while their compute starts: the clock has to be looked at without them. */
const LOOK_MS = 1_000;

export interface RealAppsSettings {
  /** How many apps run their code at a time; the others are in the books only. */
  readonly most: number;
  /** A folder of packages for pip: there is no network. */
  readonly packages: string | undefined;
}

/** Code of an app that runs. */
interface Running {
  readonly process: AppProcess;
  readonly deployment: Deployment;
  /** It was asked to end. */
  isOver: boolean;
}

/** An app with an address here. */
interface Hosted {
  readonly app: App;
  log: AppLog;
  front: AppFront | undefined;
  running: Running | undefined;
  /** Ends the deployment that is under way. */
  coming: AbortController | undefined;
}

/** Apps whose code runs: each deployment in a machine of its own, behind the front of its app. */
export class RealApps implements AppHosts {
  readonly #settings: RealAppsSettings;
  readonly #hosted = new Map<App, Hosted>();
  /** What still ends. */
  readonly #ending = new Set<Promise<unknown>>();
  #world: AppHostsWorld | undefined;
  #onConnection: (socket: Socket) => void = (socket) => socket.destroy();
  #looking: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: RealAppsSettings) {
    this.#settings = settings;
  }

  async serve(world: AppHostsWorld, onConnection: (socket: Socket) => void): Promise<void> {
    this.#world = world;
    this.#onConnection = onConnection;
    this.#removeLeftFolders(world);
    for (const app of world.apps.all().filter(({ address }) => address !== undefined)) {
      world.clientSecrets.revokeAllOf(app.servicePrincipal);
      await this.#openFront(this.#host(app));
      this.#goOn(app, world);
    }
  }

  open(app: App): Promise<void> | undefined {
    if (this.#isClosed || this.#hosted.size >= this.#settings.most) return undefined;
    const hosted = this.#host(app);
    if (app.compute === 'STARTING') this.begin(app, app.createdAt);
    return this.#openFront(hosted);
  }

  begin(app: App, at: number): void {
    const hosted = this.#hosted.get(app);
    if (!hosted) return;
    hosted.log.end();
    hosted.log = new AppLog();
    hosted.log.add('SYSTEM', 'The compute of the app starts.', at);
  }

  deploy(app: App, deployment: Deployment, at: number): void {
    const hosted = this.#hosted.get(app);
    if (!hosted || !this.#world || this.#isClosed) return;
    hosted.log.add('SYSTEM', `Deployment ${deployment.id} of ${deployment.sourceCodePath} begins.`, at);
    const { workspaceFiles } = this.#world;
    this.#launch(hosted, deployment, () => sourceFiles(workspaceFiles, deployment.sourceCodePath), true);
  }

  stop(app: App, at: number): void {
    const hosted = this.#hosted.get(app);
    if (!hosted) return;
    hosted.coming?.abort();
    hosted.coming = undefined;
    if (hosted.running) hosted.log.add('SYSTEM', 'The app is stopped.', at);
    this.#endRunning(hosted);
    hosted.log.end();
  }

  remove(app: App): void {
    const hosted = this.#hosted.get(app);
    this.#hosted.delete(app);
    if (!hosted) return;
    this.#track(hosted.front?.close());
    this.#track(Promise.all(this.#ending).then(() => this.#removeFolder(app)));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#looking);
    for (const hosted of this.#hosted.values()) {
      hosted.coming?.abort();
      this.#track(hosted.front?.close());
      if (hosted.running) {
        hosted.running.isOver = true;
        this.#track(hosted.running.process.kill());
      }
    }
    await Promise.all(this.#ending);
  }

  #host(app: App): Hosted {
    const hosted: Hosted = { app, log: new AppLog(), front: undefined, running: undefined, coming: undefined };
    this.#hosted.set(app, hosted);
    this.#looking ??= setInterval(() => this.#there().advance(), LOOK_MS).unref();
    return hosted;
  }

  /** Where no port is left, it is an app in the books only. */
  async #openFront(hosted: Hosted): Promise<void> {
    const behind = {
      get log() {
        return hosted.log;
      },
      connect: () => hosted.running?.process.connect() ?? Promise.reject(new Error('none of its code runs')),
    };
    try {
      hosted.front = await AppFront.open(this.#there(), hosted.app, behind);
    } catch {
      this.#hosted.delete(hosted.app);
      hosted.app.address = undefined;
    }
  }

  /** What ran when the sandbox was stopped runs again; what was being deployed then was lost. */
  #goOn(app: App, world: AppHostsWorld): void {
    const hosted = this.#hosted.get(app);
    const { pending, active } = app;
    if (pending && pending.failure === undefined)
      world.apps.life.deployed(app, pending, 'The sandbox was stopped while this was deployed.', world.advance());
    if (!hosted || app.compute !== 'ACTIVE' || !active || active !== app.lastGood || app.hasCrashed) return;
    const source = new FileTree(join(this.#folderOf(app, active), 'source'));
    this.#launch(hosted, active, () => filesBelow(source, []), false);
  }

  /** @param isNew whether it is to be installed first, and its deployment told what came of it. */
  #launch(hosted: Hosted, deployment: Deployment, read: () => ReadonlyMap<string, Buffer>, isNew: boolean): void {
    const world = this.#there();
    const { app, log } = hosted;
    const coming = new AbortController();
    hosted.coming = coming;
    const { value, secret } = world.clientSecrets.create(app.servicePrincipal, world.advance());
    const start = async (): Promise<AppProcess> => {
      const files = read();
      const yaml = readAppYaml(files);
      const who = world.principals.find(deployment.creator);
      const own = ownVariables([...yaml.env, ...deployment.env], app, world.secretScopes, who);
      return AppProcess.start(
        {
          name: app.name,
          folder: this.#folderOf(app, deployment),
          files: isNew ? files : undefined,
          command: (deployment.command ?? yaml.command ?? usualCommand(files)).map(withPort),
          env: {
            ...own,
            ...platformVariables({ app, workspaceId: world.id, host: world.url(), clientSecret: value }),
          },
          packages: this.#settings.packages,
          workspacePort: Number(new URL(world.url()).port),
          log,
          now: () => world.advance(),
          onConnection: this.#onConnection,
        },
        coming.signal,
      );
    };
    const forget = (): void => world.clientSecrets.revoke(secret);
    const done = start().then(
      (process) => this.#arrived(hosted, deployment, process, coming, forget),
      (error: unknown) => {
        forget();
        this.#failed(hosted, deployment, error, coming);
      },
    );
    this.#track(done);
  }

  #arrived(hosted: Hosted, deployment: Deployment, process: AppProcess, coming: AbortController, forget: () => void) {
    const world = this.#there();
    void process.ended.then(forget);
    if (coming.signal.aborted || this.#isClosed) return process.kill();
    hosted.coming = undefined;
    this.#endRunning(hosted);
    const running: Running = { process, deployment, isOver: false };
    hosted.running = running;
    const { app, log } = hosted;
    const at = world.advance();
    log.add('SYSTEM', `Deployment ${deployment.id} runs.`, at);
    world.apps.life.deployed(app, deployment, undefined, at);
    world.changed();
    this.#track(process.ended.then((how) => this.#ended(hosted, running, how)));
    return undefined;
  }

  #ended(hosted: Hosted, running: Running, how: string): Promise<void> | undefined {
    if (running.isOver) return undefined;
    hosted.running = undefined;
    const world = this.#there();
    hosted.log.add('SYSTEM', `${how} Nobody asked it to.`, world.advance());
    world.apps.life.crashed(hosted.app);
    world.changed();
    return running.process.kill();
  }

  #failed(hosted: Hosted, deployment: Deployment, error: unknown, coming: AbortController): void {
    const { app, log } = hosted;
    const world = this.#there();
    if (coming.signal.aborted || this.#isClosed) return;
    hosted.coming = undefined;
    const why =
      error instanceof DeploymentFailed ? error.message : 'The sandbox failed to deploy it: this is its own fault.';
    const at = world.advance();
    log.add('SYSTEM', `Deployment ${deployment.id} failed: ${why}`, at);
    if (deployment.state === 'IN_PROGRESS') world.apps.life.deployed(app, deployment, why, at);
    else world.apps.life.crashed(app);
    world.changed();
    this.#track(this.#removeFolder(app, deployment));
  }

  #endRunning(hosted: Hosted): void {
    const { running, app } = hosted;
    if (!running) return;
    hosted.running = undefined;
    running.isOver = true;
    const { process, deployment } = running;
    this.#track(process.stop(this.#there().scaled(GRACE_MS)).then(() => this.#removeFolder(app, deployment)));
  }

  #track(work: Promise<unknown> | undefined): void {
    if (!work) return;
    const quiet = work.catch(() => {});
    this.#ending.add(quiet);
    void quiet.finally(() => this.#ending.delete(quiet));
  }

  #folderOf({ order }: App, { id }: Deployment): string {
    return join(this.#there().home.apps, String(order), id);
  }

  /** In a process of its own: the app may have left millions of files. */
  #removeFolder(app: App, deployment?: Deployment): Promise<void> {
    const { home } = this.#there();
    const folder = deployment ? this.#folderOf(app, deployment) : join(home.apps, String(app.order));
    return removeRoot(folder);
  }

  /** Of a sandbox that was killed: nothing but the code that is to run again is of use. */
  #removeLeftFolders({ home, apps }: AppHostsWorld): void {
    const needed = new Map(apps.all().map(({ order, active }) => [String(order), active?.id]));
    for (const order of readdirSync(home.apps)) {
      for (const id of needed.has(order) ? readdirSync(join(home.apps, order)) : [''])
        if (id === '' || id !== needed.get(order)) this.#track(removeRoot(join(home.apps, order, id)));
    }
  }

  #there(): AppHostsWorld {
    if (!this.#world) throw new Error('The apps have no workspace yet.');
    return this.#world;
  }
}
