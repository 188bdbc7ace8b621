import { expect, test } from 'vitest';
import { routeList } from '../../src/route-list.ts';
import { clientOf, openSandbox } from '../harness.ts';

test('every route says in one line what it does and where that was found out, and no two are the same', () => {
  const routes = routeList();
  expect(routes.length).toBeGreaterThan(100);
  expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
  for (const { method, path, does, source } of routes) {
    expect(source, `${method} ${path}`).toMatch(/^\S/);
    expect(does, `${method} ${path}`).toMatch(/^[A-Z].*[^.\s]$/);
    expect(does, `${method} ${path}`).not.toContain('\n');
  }
});

test('a running sandbox lists the same', async () => {
  const { sandbox } = await openSandbox();
  expect((await clientOf(sandbox, undefined)('GET', '/__sandbox/routes')).json.routes).toEqual(
    JSON.parse(JSON.stringify(routeList())),
  );
});
