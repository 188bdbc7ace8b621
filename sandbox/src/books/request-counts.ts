const WATCHING = new Set([
  'GET /api/2.1/clusters/list',
  'GET /api/2.0/clusters/list',
  'GET /api/2.0/instance-pools/get',
  'GET /api/2.2/jobs/runs/list',
  'GET /api/2.1/jobs/runs/list',
  'GET /api/2.0/fs/directories/*path',
]);
const LONGEST_LIST = 1_000;
const MOST_CLIENTS = 100;

/** How often what was asked, and by which clients. */
export interface Counts {
  readonly total: number;
  /** Listings of clusters, runs and folders, and looks at a pool: what a watcher does. */
  readonly watching: number;
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byClient: Readonly<Record<string, number>>;
  /** For each client, its requests by route. */
  readonly byClientAndRoute: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Counts every request, by route, client and status, and remembers routes that were asked for and do not exist. */
export class RequestCounts {
  #total = 0;
  #watching = 0;
  readonly #byRoute = new Map<string, number>();
  readonly #byClient = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  readonly #byClientAndRoute = new Map<string, Map<string, number>>();
  readonly #missed = new Map<string, number>();

  /** @param route the pattern that answered, such as `GET /api/2.1/clusters/get`. */
  count(route: string, userAgent: string | undefined, status: number): void {
    this.#total += 1;
    if (WATCHING.has(route)) this.#watching += 1;
    add(this.#byRoute, route);
    const client = clientName(userAgent);
    add(this.#byClient, client);
    const ofClient = this.#byClientAndRoute.get(client) ?? new Map<string, number>();
    if (this.#byClientAndRoute.size < MOST_CLIENTS) this.#byClientAndRoute.set(client, ofClient);
    add(ofClient, route);
    add(this.#byStatus, String(status));
  }

  /** @param route method and path of a route that is not there. */
  unknownRoute(route: string): void {
    add(this.#missed, route.slice(0, 300));
  }

  unknownRoutes(): string[] {
    return [...this.#missed.keys()];
  }

  /** What was asked and is not there, most often asked first. */
  missed(): { readonly route: string; readonly count: number }[] {
    return [...this.#missed].map(([route, count]) => ({ route, count })).sort((a, b) => b.count - a.count);
  }

  snapshot(): Counts {
    return {
      total: this.#total,
      watching: this.#watching,
      byRoute: Object.fromEntries(this.#byRoute),
      byClient: Object.fromEntries(this.#byClient),
      byClientAndRoute: Object.fromEntries(
        [...this.#byClientAndRoute].map(([client, routes]) => [client, Object.fromEntries(routes)]),
      ),
      byStatus: Object.fromEntries(this.#byStatus),
    };
  }
}

/** The first product of a User-Agent: `databricks-workshop/0.2.0`. */
const clientName = (userAgent: string | undefined): string => userAgent?.split(' ')[0]?.slice(0, 80) || 'unknown';

function add(counts: Map<string, number>, key: string): void {
  if (counts.size < LONGEST_LIST || counts.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
}
