import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { workshopProgram } from '../../src/cli/program.ts';
import { planFiles, scratch, workshop, type Outcome } from './run-cli.ts';

/** Refused with one message for people: no stack, nothing on stdout. */
function expectRefusal({ code, stdout, stderr }: Outcome, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

describe('a plan that cannot be read', () => {
  it.each(['plan', 'start', 'cost'])('%s: a missing file', async (command) => {
    expectRefusal(await workshop([command, '/nowhere/plan.yaml']), /there is no such file/);
  });
  it('a folder', async () => {
    expectRefusal(await workshop(['plan', scratch()]), /that is a folder/);
  });
  it('a path through a file', async () => {
    expectRefusal(
      await workshop(['plan', join(planFiles(), 'plan.yaml')]),
      /the plan cannot be read: part of its path is a file and no folder\./,
    );
  });
  it('a huge file', async () => {
    const film = join(scratch(), 'film.mkv');
    writeFileSync(film, '');
    truncateSync(film, 6_000_000_000);
    expectRefusal(await workshop(['plan', film]), /the plan cannot be read: it is larger than 5 MB\./);
  });
  it.each([
    ['Latin-1', Buffer.from('title: Caf\u00E9', 'latin1')],
    ['UTF-16', Buffer.from('\uFEFFtitle: x', 'utf16le')],
    ['UTF-16 without its mark', Buffer.from('title: x', 'utf16le')],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff])],
  ])('not UTF-8: %s', async (_name, bytes) => {
    const file = join(scratch(), 'plan.yaml');
    writeFileSync(file, bytes);
    expectRefusal(await workshop(['plan', file]), /^\S+plan\.yaml: the plan is not UTF-8 text: save it as UTF-8\n$/);
  });
  it('broken YAML, with the line', async () => {
    expectRefusal(
      await workshop(['start', planFiles([['title: Databricks', 'title: "Databricks']]), '--yes']),
      /plan\.yaml:\d+: /,
    );
  });
  it('a wrong field, with its name and line', async () => {
    expectRefusal(
      await workshop(['start', planFiles([['17.3.x-scala2.13', '15.4.x-scala2.12']]), '--yes']),
      /plan\.yaml:\d+: compute\.sparkVersion: is below 17/,
    );
  });
  it('a sign-off that does not exist', async () => {
    expectRefusal(
      await workshop(['plan', planFiles([['blocking: []', 'blocking: [nonsense]']])]),
      /plan\.yaml:\d+: blocking\[0\]: there is no sign-off called nonsense; this plan has/,
    );
  });
});

describe('a fault file that cannot be used', () => {
  const faults = (text: string) => {
    const file = join(scratch(), 'faults.yaml');
    writeFileSync(file, text);
    return file;
  };
  it.each(['sandbox', 'rehearse'])('%s: every problem with its line, before anything starts', async (command) => {
    const outcome = await workshop([
      command,
      '--faults',
      faults('faults:\n  - route: GET /x\n    effect: {status: 5000}\n  - {hangs: true}\n'),
    ]);
    expectRefusal(outcome, /faults\.yaml:3: faults\[0\]\.effect\.status: .*599/);
    expectRefusal(outcome, /faults\.yaml:4: faults\[1\]\.hangs: is no field here: there are name, route/);
    expect(outcome.stderr).not.toContain('Temporal');
  });
  it('a missing one', async () => {
    expectRefusal(
      await workshop(['sandbox', '--faults', '/nowhere/faults.yaml']),
      /the fault file cannot be read: there is no such file\. It is a file like those in scenarios/,
    );
  });
});

describe('a roster that cannot be used', () => {
  it('bad lines, with their numbers', async () => {
    expectRefusal(
      await workshop(['start', planFiles([], 'ann@example.com\nnobody\n'), '--yes']),
      /attendees\.txt:2: "nobody" is not an email address/,
    );
  });
  it('nobody', async () => {
    expectRefusal(await workshop(['start', planFiles([], '# nobody yet\n'), '--yes']), /nobody is in attendees\.txt/);
  });
  it('a missing roster', async () => {
    expectRefusal(
      await workshop(['plan', planFiles([['roster: attendees.txt', 'roster: elsewhere.txt']])]),
      new RegExp(
        String.raw`elsewhere\.txt: the roster cannot be read: there is no such file\. It is the "roster" of ` +
          String.raw`plan\.yaml .*a list of addresses, a CSV or an Excel file`,
      ),
    );
  });
  it('a workbook of the old kind', async () => {
    const plan = planFiles();
    writeFileSync(join(dirname(plan), 'attendees.txt'), Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    expectRefusal(await workshop(['plan', plan]), /attendees\.txt:1: .*File, Save As, "CSV UTF-8/);
  });
  it('more bad lines than anybody reads at once', async () => {
    const lines = Array.from({ length: 33 }, (_, index) => `bad ${index}`).join('\n');
    expectRefusal(await workshop(['plan', planFiles([], lines)]), /attendees\.txt:21: and 13 more from here on/);
  });
  it('of the sandbox, too', async () => {
    expectRefusal(await workshop(['local', '--roster', '/nowhere.txt']), /there is no such file/);
  });
});

describe('moments that cannot be', () => {
  it('an end in the past', async () => {
    expectRefusal(
      await workshop(['start', planFiles([['2027-03-16T09:00', '2020-03-16T09:00']]), '--yes']),
      /it ended Mon 16 Mar 2020, 13:00 Europe\/Berlin/,
    );
  });
  it('a length of nothing', async () => {
    expectRefusal(await workshop(['plan', planFiles([['length: 4h', 'length: 0h']])]), /must be longer than nothing/);
  });
});

describe('arguments', () => {
  it.concurrent.each<[string[], RegExp]>([
    [['nonsense'], /unknown command 'nonsense'/],
    [['sign-off'], /missing required argument 'item'/],
    [['rehearse', '--attendees', 'many'], /must be a number from 1/],
    [['rehearse', '--attendees', '0'], /must be a number from 1/],
    [['cost', '--attendees', '1.5'], /must be a whole number/],
    [['attendees', 'add', 'x', 'nobody'], /"nobody" is not an email address\. Nobody was added/],
    [['attendees', 'add', 'x', 'README.md'], /"README\.md" is a file: give it as --file README\.md\. Nobody was added/],
    [['attendees', 'add', 'x'], /at least one e-mail address/],
    [['attendees', 'import', '/nowhere.csv', '--dry-run'], /there is no such file/],
    [['attendees', 'import', 'people.csv'], /Say which workshop.*--dry-run/],
    [['attendees', 'list', 'x', '--state', 'odd'], /Allowed choices are/],
    [['waive', 'x', 'capacity'], /--reason/],
    [['waive', 'x', 'capacity', '--reason', 'x'], /in a few words/],
    [['amend'], /missing required argument 'plan'/],
    [['amend', 'x', '/nowhere/plan.yaml'], /there is no such file/],
    [['report', 'x', '--answers', '/nowhere.csv'], /the file of answers cannot be read: there is no such file/],
    [['teardown', 'x'], /Say one of the two/],
    [['teardown', 'x', '--dry-run', '--execute'], /Say one of the two/],
    [['teardown', 'x', '--dry-run'], /no credentials|No workspace address/i],
    [['local', '--workspace', '--speed', '60'], /--speed is for the sandbox/],
  ])('%j', async (args, message) => {
    expectRefusal(await workshop(args), message);
  });

  it.concurrent.each<[string[], string]>([
    [
      ['sign-off'],
      "error: missing required argument 'item'\nExpected: workshop sign-off [options] [id] <item>\nExamples:\n" +
        '  workshop sign-off spring-apps proxy ',
    ],
    [['status', '--wach'], '(Did you mean --watch?)\nExpected: workshop status [options] [id]\nExample:\n  workshop '],
    [['attendees', 'nope'], 'Expected: workshop attendees [options] [command]\nCommands: list, add, '],
    [['statsu'], "error: unknown command 'statsu'\n(Did you mean status?)\nExpected: workshop [options] [command]\n"],
  ])('%j: it is said what was expected, with an example', async (args, words) => {
    const { code, stdout, stderr } = await workshop(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/\(add --help for what can be said\)\n$/);
  });

  it('a rehearsal with both a plan and a number of people', async () => {
    expectRefusal(await workshop(['rehearse', '--plan', planFiles(), '--attendees', '3']), /leave --attendees out/);
  });

  it('the plan of another workshop is no amendment', async () => {
    expectRefusal(
      await workshop(['amend', 'winter', planFiles()]),
      /plan\.yaml is the plan of "spring-apps", not of "winter"\. An id is never amended: .*bin\/workshop start/,
    );
  });

  it('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    expectRefusal(
      await workshop(['local', '--temporal-port', String(port)]),
      new RegExp(`Port ${port} cannot be used: another program listens there.*--temporal-port`),
    );
  });
});

describe('what needs nothing but itself', () => {
  it('help ends with 0, names every exit code, and each command shows an example', async () => {
    const { code, stdout } = await workshop(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes:');
    const commands = (await workshopProgram()).commands.map((command) => command.name());
    expect(commands).toHaveLength(35);
    for (const command of commands) expect(stdout).toContain(`  ${command} `);
    for (const command of ['rehearse', 'teardown'])
      expect((await workshop([command, '--help'])).stdout).toMatch(/Examples?:/);
  });

  it("cost shows the guide's table exactly, and then the whole", async () => {
    const { code, stdout } = await workshop(['cost']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Half-day.*140 clusters {2}\$112 to \$224 {2}\(VM only\)/);
    expect(stdout).toMatch(/Full-day.*140 clusters {2}\$224 to \$448 {2}\(VM only\)/);
    expect(stdout).toContain('in all for 140 people');
    const json = JSON.parse((await workshop(['cost', '--attendees', '7', '--json'])).stdout) as {
      estimate: { people: number };
    };
    expect(json.estimate.people).toBe(7);
  });

  it('plan previews without a workspace', async () => {
    const { code, stdout } = await workshop(['plan', planFiles(), '--json', '--offline']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workshop: { id: 'spring-apps' },
      people: { attendees: 2 },
      workspace: { asked: false },
    });
  });

  it('report reads the folder when no server answers', async () => {
    const folder = dirname(planFiles());
    const home = join(folder, 'spring-apps');
    mkdirSync(home);
    const report = {
      workshop: {
        id: 'spring-apps',
        title: 'T',
        runId: 'r',
        workspace: 'w',
        start: '2027-03-16T08:00:00Z',
        end: '2027-03-16T12:00:00Z',
        timeZone: 'UTC',
        outcome: 'finished',
      },
      attendees: { total: 1, ready: 1, failed: 0, removed: 1 },
      clusters: { created: 1, deleted: 1, left: 0 },
      pool: { created: 0, deleted: 0 },
      kept: [],
      cost: { currency: 'USD', estimate: 1, actual: 1, note: 'metered, not the invoice' },
      proof: { first: '2027-03-16T13:00:00Z', second: null, clusters: 0, pools: 0 },
      notReady: [],
      checklist: [],
    };
    writeFileSync(join(home, 'report.json'), JSON.stringify(report));
    const unproven = await workshop(['report', 'spring-apps', '--folder', folder], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(unproven.stdout).toContain('NOT PROVEN');
    expect(unproven.stderr).toMatch(/report\.json\. UNCHECKED: it was written without WORKSHOP_PAYLOAD_KEY/);
    expect(unproven.code).toBe(1);
    writeFileSync(
      join(home, 'report.json'),
      JSON.stringify({ ...report, proof: { ...report.proof, second: '2027-03-16T13:02:00Z' } }),
    );
    expect(
      (await workshop(['report', 'spring-apps', '--folder', folder, '--json'], { TEMPORAL_ADDRESS: '127.0.0.1:1' }))
        .code,
    ).toBe(0);
    // Not asked is not the same as not there.
    const other = await workshop(['report', 'other', '--folder', folder], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(other.stderr).toMatch(/Temporal could not be asked for the report of "other", and there is none in/);
    expect(other.code).toBe(3);
  });
});

describe('evidence that is none', () => {
  const CODE = '1CMC-S108-03AN-ANY9-3ZTY';
  it.each<[string[], RegExp]>([
    [
      ['proxy', '--evidence', '1CMC-S108-03AN-ANY9-3ZTX'],
      new RegExp(
        String.raw`^The code 1CMC-S108-03AN-ANY9-3ZTX cannot be used\. It is not as the laptop check printed it: ` +
          String.raw`a letter or digit of it is wrong`,
      ),
    ],
    [['proxy', '--evidence', 'yes'], /it has 3 letters and digits, and a code has 20/],
    [['proxy', '--evidence', '1CMC-S108-03AN-ANY9-3ZTX', '--force', '--note', 'trust me'], /cannot be used/],
    [['support-channel', '--evidence', CODE], /says nothing about "support-channel"/],
    [['proxy', '--evidence', CODE, '--force'], /--force needs a --note/],
    [['proxy', '--force', '--note', 'trust me'], /--force is for --evidence/],
  ])('%j', async (args, message) => {
    expectRefusal(await workshop(['sign-off', 'spring-apps', ...args], { TEMPORAL_ADDRESS: '127.0.0.1:1' }), message);
  });
});
