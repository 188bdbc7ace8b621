const WATCHING = new Set(['GET /api/2.1/clusters/list', 'GET /api/2.0/clusters/list', 'GET /api/2.0/instance-pools/get']);
const LONGEST_LIST = 1_000;

interface Counts {
  readonly total: number;
  readonly watching: number;
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byClient: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Counts every request, by route, client and status, and remembers routes that were asked for and do not exist. */
export class Tally {
  #total = 0;
  #watching = 0;
  readonly #byRoute = new Map<string, number>();
  readonly #byClient = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  readonly #unknown = new Set<string>();

  /** @param route the pattern that answered, such as `GET /api/2.1/clusters/get`. */
  count(route: string, userAgent: string | undefined, status: number): void {
    this.#total += 1;
    if (WATCHING.has(route)) this.#watching += 1;
    add(this.#byRoute, route);
    add(this.#byClient, clientName(userAgent));
    add(this.#byStatus, String(status));
  }

  unknownRoute(route: string): void {
    if (this.#unknown.size < LONGEST_LIST) this.#unknown.add(route.slice(0, 300));
  }

  unknownRoutes(): string[] {
    return [...this.#unknown];
  }

  snapshot(): Counts {
    return {
      total: this.#total,
      watching: this.#watching,
      byRoute: Object.fromEntries(this.#byRoute),
      byClient: Object.fromEntries(this.#byClient),
      byStatus: Object.fromEntries(this.#byStatus),
    };
  }
}

/** The first product of a User-Agent: `databricks-workshop/0.1.0`. */
const clientName = (userAgent: string | undefined): string => userAgent?.split(' ')[0]?.slice(0, 80) || 'unknown';

function add(counts: Map<string, number>, key: string): void {
  if (counts.size < LONGEST_LIST || counts.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
}
