import { beforeAll, expect, test } from 'vitest';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import { readHelp } from '../../../src/domain/room/help.ts';
import { LOGS, STAND_IN, standInBundle, workshopSandbox, type Launched, type Ran } from '../workshop-node.ts';

const HELP = `${LOGS}/help`;
const LEA = 'lea@example.com';

interface Answer {
  readonly ok: boolean;
  readonly where: string | null;
  readonly checks: readonly { readonly id: string; readonly state: string; readonly said: string }[];
  readonly said: string;
}

describeOnRealNodes('help-me, on the cluster', () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN, WORKSHOP_FACILITATOR: LEA });
    expect(node.cluster.state).toBe('RUNNING');
  });
  const answerOf = ({ stdout }: Ran): Answer => JSON.parse(stdout) as Answer;
  const fileAt = async (path: string | null): Promise<string> =>
    (await opened().admin('GET', `/api/2.0/fs/files${path}`)).text;
  const files = async (): Promise<string[]> =>
    ((await opened().admin('GET', `/api/2.0/fs/directories${HELP}`)).json.contents ?? []).map(
      ({ name }: { name: string }) => name,
    );

  test('what is said and what check-claude finds lies in the volume, and the person is told what follows', async () => {
    const asked = await node.session('help-me my token is refused, I think');
    expect({ code: asked.code, stderr: asked.stderr }).toEqual({ code: 0, stderr: '' });
    expect(asked.stdout).toMatch(
      /^Looking at this cluster first, for 75 seconds at most\.\nYou have asked for help\.\nWhoever helps in the room /,
    );
    expect(asked.stdout).toContain(`raise your hand in the room, or write to ${LEA}.\n`);
    expect(asked.stdout).toContain('type help-me again');
    const [name = ''] = await files();
    expect(name).toMatch(new RegExp(`^${node.id}-\\d{13}\\.json$`));
    const help = readHelp(await fileAt(`${HELP}/${name}`), node.id);
    expect(help?.words).toBe('my token is refused, I think');
    expect(help?.checks.find(({ id }) => id === 'token')).toMatchObject({ state: 'ok' });
    const again = answerOf(await node.session('help-me --json'));
    expect(again).toMatchObject({ ok: true, checks: help?.checks.map(({ id, state }) => ({ id, state })) });
    expect(await files()).toHaveLength(2);
    expect(readHelp(await fileAt(again.where), node.id)).not.toHaveProperty('words');
  });

  test('no secret leaves, neither a token of this session nor one that somebody types', async () => {
    const typed = 'ghp_1234567890abcdefghijABCDEFGHIJ123456';
    const asked = await node.session(`help-me --json -- "--token $DATABRICKS_TOKEN ${typed} password=hunter22 help"`);
    const { where } = answerOf(asked);
    const text = await fileAt(where);
    for (const secret of [asked.token, typed, 'hunter22']) expect(text + asked.stdout).not.toContain(secret);
    expect(readHelp(text, node.id)?.words).toMatch(/^--token \*\*\*.* help$/);
  });

  test('where the token is what is broken, the mounted volume is asked for none', async () => {
    const bad = 'dapi00000000000000000000000000000000';
    // Nobody else's token of this node is found either.
    const asked = await node.session(
      'mv /opt/claude-workshop/lib/api-key /tmp/; help-me --json; mv /tmp/api-key /opt/claude-workshop/lib/',
      {
        env: { DATABRICKS_TOKEN: bad },
      },
    );
    const { ok, where, checks, said } = answerOf(asked);
    expect(ok).toBe(true);
    expect(checks.filter(({ state }) => state === 'failed').map(({ id }) => id)).toContain('token');
    expect(said).toMatch(/what failed here: .*token.*\.\nUntil then, try what check-claude says: \S+/);
    expect(readHelp(await fileAt(where), node.id)?.checks).toEqual(checks);
  });

  test('where nothing gets through, the room is what is left, and that is said', async () => {
    const nowhere = await node.session('help-me hello', { env: { WORKSHOP_LOGS: '/Volumes/main/default/nowhere' } });
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toMatch(/^Nobody could be asked: .*HTTP 404.* Raise your hand in the room\.\n$/);
    const untold = await node.session('help-me hello', { env: { WORKSHOP_LOGS: 'elsewhere' } });
    expect(untold).toMatchObject({
      code: 1,
      stderr: 'Nobody could be asked: this cluster was not told of its workshop. Raise your hand in the room.\n',
    });
  });
});
