import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf, readSources, violations } from './import-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One file among those that it imports. */
function judge(file: string, source: string, others: Record<string, string> = {}): string[] {
  return violations(new Map(Object.entries({ [file]: source, ...others })));
}

describe('the sources', () => {
  it('keep to the import rules', () => {
    const sources = readSources(root);
    expect(sources.size).toBeGreaterThan(5);
    expect(violations(sources)).toEqual([]);
  });
});

describe('reading imports', () => {
  it('finds every form', () => {
    const source = `
      import a, { b } from './a.ts';
      import * as c from "./c.ts";
      import type { D } from './d.ts';
      import {
        type E,
        f,
      } from './e.ts';
      import './side-effect.ts';
      export * from './g.ts';
      export type { H } from './h.ts';
      const lazy = await import('./i.ts');
    `;
    expect(
      importsOf(source)
        .map(({ target, typeOnly }) => `${target}${typeOnly ? ' (type)' : ''}`)
        .toSorted(),
    ).toEqual(['./a.ts', './c.ts', './d.ts (type)', './e.ts', './g.ts', './h.ts (type)', './i.ts', './side-effect.ts']);
  });

  it('is not misled by comments, strings and ordinary exports', () => {
    const source = `
      // import x from './x.ts'
      /* import y from './y.ts' */
      const pattern = 'src/**/*.ts';
      /**
       * import z from './in-a-docstring.ts'
       */
      export interface Shape { from: string }
      export const from = 'nowhere';
      export function important() { return "from './z.ts'"; }
      const url = 'https://example.com'; import real from './real.ts';
    `;
    expect(importsOf(source).map(({ target }) => target)).toEqual(['./real.ts']);
  });

  it('sees that inline types still load the module', () => {
    expect(importsOf(`import { type A } from './a.ts'`)).toEqual([{ target: './a.ts', typeOnly: false }]);
  });
});

describe('what is forbidden', () => {
  const value = (target: string) => `import { x } from '${target}';`;

  it.each([
    ['src/domain/plan/plan.ts', value('../../databricks/errors.ts')],
    ['src/domain/plan/plan.ts', `import type { X } from '../../workflows/state.ts';`],
    ['src/workflows/attendee/attendee.ts', value('../../activities/clusters.ts')],
    ['src/workflows/attendee/attendee.ts', value('../../databricks/workspace.ts')],
    ['src/workflows/attendee/attendee.ts', value('../../client.ts')],
    ['src/activities/clusters/clusters.ts', value('../../workflows/messages.ts')],
    ['src/activities/clusters/clusters.ts', value('../../../sandbox/index.ts')],
    ['sandbox/src/clusters/cluster-routes.ts', value('../../../src/domain/plan/duration.ts')],
    ['sandbox/src/clusters/cluster-routes.ts', `import type { X } from '../../../src/databricks/wire.ts';`],
    ['src/databricks/transport/transport.ts', value('../../domain/plan/duration.ts')],
    ['src/client.ts', value('../databricks/workspace.ts')],
    ['src/worker.ts', value('../sandbox/index.ts')],
    ['src/worker.ts', value('./cli/rehearsal/embedded/temporal-server.ts')],
    ['src/cli/rehearsal/stack.ts', value('../../../sandbox/src/sandbox.ts')],
    ['src/workflows/attendee/attendee.ts', value('../../domain/plan/plan.ts')],
    ['src/activities/clusters/clusters.ts', value('../../worker.ts')],
    ['src/workflows/attendee/attendee.ts', `export * from '../../activities/index.ts';`],
    ['src/domain/plan/plan.ts', value('../../../test/domain/sample.ts')],
  ])('%s: %s', (file, source) => {
    expect(judge(file, source)).toHaveLength(1);
  });

  it('two folders of the sandbox that know each other', () => {
    const there = { 'sandbox/src/pools/pool-fleet.ts': value('../clusters/fleet/cluster-model.ts') };
    expect(
      judge('sandbox/src/clusters/fleet/cluster-fleet.ts', value('../../pools/pool-fleet.ts'), there),
    ).toHaveLength(1);
    expect(
      judge(
        'sandbox/src/clusters/fleet/cluster-fleet.ts',
        `import type { X } from '../../pools/pool-fleet.ts';`,
        there,
      ),
    ).toEqual([]);
  });

  it('Node built-ins and time zones deep below a workflow', () => {
    const broken = judge('src/workflows/workshop/workshop.ts', value('../../domain/replayed/schedule.ts'), {
      'src/domain/replayed/schedule.ts': value('./zone.ts'),
      'src/domain/replayed/zone.ts': `
        import { Temporal } from 'temporal-polyfill';
        import { readFileSync } from 'node:fs';
      `,
    });
    expect(broken).toHaveLength(2);
    expect(broken.join('\n')).toContain(
      'src/workflows/workshop/workshop.ts → src/domain/replayed/schedule.ts → src/domain/replayed/zone.ts → ' +
        'temporal-polyfill',
    );
  });
});

describe('what is allowed', () => {
  it.each([
    [
      'src/workflows/attendee/attendee.ts',
      `import { x } from '../../domain/replayed/seat/seat.ts'; import type { A } from '../../activities/index.ts';`,
    ],
    [
      'src/activities/clusters/clusters.ts',
      `import { x } from '../../databricks/workspace.ts'; import { y } from '../../domain/plan/plan.ts';`,
    ],
    [
      'src/cli/rehearsal/stack.ts',
      `import { x } from '../../../sandbox/index.ts'; import { y } from '../../worker.ts';`,
    ],
    ['src/worker.ts', `import { x } from './activities/index.ts'; import { y } from './databricks/workspace.ts';`],
    ['sandbox/src/http/server.ts', `import { createServer } from 'node:http'; import { x } from './routes.ts';`],
    ['src/domain/plan/timeline-of-plan.ts', `import { Temporal } from 'temporal-polyfill';`],
  ])('%s: %s', (file, source) => {
    expect(judge(file, source)).toEqual([]);
  });

  it('time zones in a domain file of which a workflow uses only types', () => {
    const broken = judge(
      'src/workflows/workshop/workshop.ts',
      `import type { T } from '../../domain/plan/timeline-of-plan.ts';`,
      {
        'src/domain/plan/timeline-of-plan.ts': `import { Temporal } from 'temporal-polyfill';`,
      },
    );
    expect(broken).toEqual([]);
  });
});
