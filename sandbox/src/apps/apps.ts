import { randomUUID } from 'node:crypto';
import type { Principal } from '../identity/principals.ts';
import { randomLetters } from '../random.ts';
import type { Kept } from '../state/kept.ts';
import type { Pace } from '../time/pace.ts';
import type { AppFields } from './app-fields.ts';
import { AppLife } from './app-life.ts';
import { touch } from './app-model.ts';
import type { App } from './app-model.ts';
import { nameTaken, noSuchApp, tooManyApps } from './app-refusals.ts';
import { sourceFailure } from './app-source.ts';
import type { AppsLimits, AppsWorld } from './apps-world.ts';

/** Who made the apps that hold slots from the start. Nobody of that name is in the workspace. */
const STRANGER = 'stranger@example.com';

interface AppsState {
  readonly apps: readonly App[];
}

/**
 * The apps of the workspace. Those that are gone stay for the books; one that is being deleted still holds its name
 * and its place among the most that there may be (docs/facts/apps.md sections 1.3 and 2).
 */
export class Apps implements Kept<AppsState> {
  readonly life: AppLife;
  readonly #world: AppsWorld;
  readonly #limits: AppsLimits;
  #apps: App[] = [];
  readonly #byName = new Map<string, App>();

  constructor(world: AppsWorld, pace: Pace, limits: AppsLimits) {
    this.#world = world;
    this.#limits = limits;
    this.life = new AppLife(world, pace, {
      failureOf: (path) => sourceFailure(world.workspaceFiles, path, undefined),
      whenGone: (app, at) => this.#isGone(app, at),
    });
    world.permissions.register('apps', { mustExist: (name) => void this.get(name) });
  }

  state(): AppsState {
    return { apps: this.#apps };
  }

  restore({ apps }: AppsState): void {
    this.#apps = [...apps];
    this.#byName.clear();
    for (const app of apps) if (app.goneAt === undefined) this.#byName.set(app.name, app);
  }

  /** In the order in which they were made, those that are gone included. */
  everMade(): Iterable<App> {
    return this.#apps;
  }

  /** Those that there are, in the order in which they were made; one that is being deleted is still there. */
  all(): App[] {
    return [...this.#byName.values()];
  }

  /** @throws 404 NOT_FOUND. */
  get(name: string): App {
    const app = this.#byName.get(name);
    if (!app) throw noSuchApp(name);
    return app;
  }

  /**
   * Makes an app, with a service principal of its own, and lets its maker manage it. Not idempotent: the second time
   * the name is taken.
   * @throws 409 for a name that is taken, and what the settings say when there are too many.
   */
  create(name: string, fields: AppFields, creator: Principal, at: number, isToRun: boolean): App {
    if (this.#byName.has(name)) throw nameTaken(name);
    if (this.#byName.size >= this.#limits.mostApps) throw tooManyApps(name, this.#world.id, this.#limits);
    const app = this.#make(name, fields, creator.userName, at);
    this.#world.permissions.grantHighest(creator, 'apps', name);
    this.life.begin(app, isToRun);
    return app;
  }

  /** Apps that were there before anybody came, and run. */
  addStrangers(count: number, at: number): void {
    for (let number = 1; number <= count; number += 1) {
      this.life.beginRunning(this.#make(`strangers-app-${number}`, {}, STRANGER, at));
    }
  }

  /** Changes what is given, takes back what is given as undefined, and leaves the rest as it is. */
  change(app: App, fields: AppFields, by: string, at: number): void {
    const given = Object.entries({ ...app.fields, ...fields }).filter(([, value]) => value !== undefined);
    app.fields = Object.fromEntries(given);
    touch(app, by, at);
  }

  /** The same, as an update that can be asked about. */
  update(app: App, fields: AppFields, by: string, at: number): void {
    this.change(app, fields, by, at);
    app.isUpdated = true;
  }

  #make(name: string, fields: AppFields, creator: string, at: number): App {
    const app: App = {
      name,
      order: this.#apps.length,
      address: undefined,
      servicePrincipal: this.#world.principals.addServicePrincipal({ displayName: `app-${randomLetters(6)} ${name}` }),
      oauthClientId: randomUUID(),
      oauthIntegrationId: randomUUID(),
      creator,
      createdAt: at,
      updater: creator,
      updatedAt: at,
      fields,
      compute: 'STOPPED',
      history: [],
      deployments: [],
      active: undefined,
      pending: undefined,
      hasCrashed: false,
      lastGood: undefined,
      defaultSourceCodePath: undefined,
      isUpdated: false,
      epoch: 0,
      deletedBy: undefined,
      goneAt: undefined,
    };
    this.#apps.push(app);
    this.#byName.set(name, app);
    return app;
  }

  #isGone(app: App, at: number): void {
    app.goneAt = at;
    this.#byName.delete(app.name);
    this.#world.appHosts.remove(app);
    this.#world.permissions.forget('apps', app.name);
    this.#world.dismiss(app.servicePrincipal, app.deletedBy, at);
  }
}
