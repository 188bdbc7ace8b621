import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../sandbox/index.ts';
import { PeopleBuildApps } from '../../../src/cli/rehearsal/people/people-build-apps.ts';
import type { AppPlan } from '../../../src/domain/plan/fields/apps.ts';
import { rehearsalPeople } from '../../../src/cli/rehearsal/rehearsal-plan.ts';

async function rehearsed(apps: Partial<AppPlan>, mostApps = 100) {
  const people = rehearsalPeople(4);
  const sandbox = await startSandbox({ people, speed: 60, mostApps });
  onTestFinished(() => sandbox.close());
  const said: string[] = [];
  const plan = { apps: { way: 'local', teamSize: 2, showcase: 3, afterwards: 'stop', ...apps } } as const;
  const builders = new PeopleBuildApps(sandbox, { plan, people }, (line) => said.push(line));
  await builders.consider({ heading: 'day of' });
  expect(sandbox.books().apps).toEqual([]);
  await builders.consider({ heading: 'during' });
  await builders.consider({ heading: 'during' });
  return { creators: sandbox.books().apps.map(({ creator }) => creator), people, said };
}

test('once it has begun, as many make an app as the plan means to, each once', async () => {
  const { creators, people, said } = await rehearsed({});
  expect(creators).toEqual(people.slice(0, 3));
  expect(said).toEqual([]);
  expect((await rehearsed({ way: 'team' })).creators).toHaveLength(2);
  expect((await rehearsed({ way: 'none' })).creators).toEqual([]);
});

test('who is refused is named, with the words of the workspace', async () => {
  const { creators, people, said } = await rehearsed({ way: 'each' }, 3);
  expect(creators).toHaveLength(3);
  expect(said).toEqual([expect.stringMatching(/could not make an app: 400 .*maximum limit of 3 apps/)]);
  expect(said[0]).toContain(people[3]);
});
