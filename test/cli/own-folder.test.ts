import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { freePorts } from '../../src/cli/rehearsal/embedded/free-ports.ts';
import { asSoleUser } from '../../src/cli/rehearsal/embedded/sole-user.ts';
import { scratch, workshop, type Outcome } from './run-cli.ts';

function expectRefusal({ code, stdout, stderr }: Outcome, message: string): void {
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

async function ports(): Promise<string[]> {
  const [temporal, ui, sandbox] = await freePorts(3);
  return ['--temporal-port', `${temporal}`, '--ui-port', `${ui}`, '--sandbox-port', `${sandbox}`];
}

it('a file where the folder should be', async () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  const words = `The folder ${file} cannot be used: there is a file where it should be. Choose another with --folder.`;
  expectRefusal(await workshop(['local', ...(await ports()), '--folder', file]), words);
  expectRefusal(await workshop(['worker', '--folder', file]), words);
  expectRefusal(await workshop(['worker', '--folder', join(file, 'below')]), 'there is a file where it should be');
});

it('a folder that another "workshop local" uses', async () => {
  const folder = scratch();
  await asSoleUser(
    folder,
    async () =>
      expectRefusal(
        await workshop(['local', ...(await ports()), '--folder', folder]),
        `The folder ${folder} is in use by process ${process.pid}`,
      ),
    () => new Error('in use'),
  );
});

it('one port for two things', async () => {
  expectRefusal(
    await workshop(['local', '--temporal-port', '17333', '--ui-port', '17333']),
    '--temporal-port and --ui-port are both 17333: each needs a port of its own.',
  );
  expectRefusal(
    await workshop(['local', '--sandbox-port', '17333', '--web', '--web-port', '17333']),
    '--sandbox-port and --web-port are both 17333: each needs a port of its own.',
  );
});

it('a key of links that is none', async () => {
  const { code, stdout, stderr } = await workshop(['local', '--web'], { WORKSHOP_LINK_KEY: 'short' });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/WORKSHOP_LINK_KEY is no key: .*openssl rand/);
  expect(stderr).not.toContain('short');
});

it('a version, and help for a command that is not there', async () => {
  expect(await workshop(['--version'])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
  expectRefusal(await workshop(['help', 'nosuch']), `unknown command 'nosuch'`);
  expect(await workshop(['help', 'status'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('workshop status'),
  });
});
