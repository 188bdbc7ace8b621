import { openBooks } from '../books/books.ts';
import type { ClusterEntry } from '../books/books.ts';
import { describeRoutes } from '../http/describe-routes.ts';
import type { ControlRoute, ControlWorld } from './control-route.ts';

/** What was ever created and asked, and what can be asked at all. */
export function booksRoutes({ workspace, router, requestCounts }: ControlWorld): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: 'books',
      does: 'Everything ever created, by whom, alive or gone; requests by client and route; how long clusters took',
      takes:
        'Query: clusters=ID,ID or tag=Key=value chooses the clusters that `provisioning` is worked ' +
        'out for; all without it',
      handle({ query }) {
        const books = openBooks(workspace, requestCounts);
        return { ...books, provisioning: books.provisioning(choice(query)) };
      },
    },
    {
      method: 'GET',
      path: 'routes',
      does: 'Every route of the workspace: what it does and where its behaviour was found out',
      handle: () => ({ routes: describeRoutes(router.routes()) }),
    },
    {
      method: 'GET',
      path: 'routes/missed',
      does: 'What was asked and is not there, and how often since the sandbox was started',
      handle: () => ({ missed: requestCounts.missed() }),
    },
  ];
}

function choice(query: URLSearchParams): readonly string[] | ((cluster: ClusterEntry) => boolean) | undefined {
  const ids = query.get('clusters');
  if (ids !== null) return ids.split(',');
  const tag = query.get('tag');
  if (tag === null) return undefined;
  const [key = '', ...value] = tag.split('=');
  return (cluster) => cluster.tags[key] === value.join('=');
}
