import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { cohortAddress, attendeeAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { seatKey } from '../../../src/domain/replayed/seat/seat-key.ts';
import { ANN, answered, detailOf, failureOf, openSetting, requestsTo } from '../setting.ts';

/** WorkflowExecutionStatus of Temporal's API. */
const RUNNING = 1;
const SCIM_LISTS = ['GET /api/2.0/preview/scim/v2/Users', 'GET /api/2.0/preview/scim/v2/Groups'] as const;

describe('looking people up who are being added', () => {
  it('says of each who that is there, with their other addresses, or what is to be done', async () => {
    const { activities, run, sandbox } = await openSetting();
    sandbox.addUser({ userName: 'u1234@corp.example.com', emails: ['Cleo@example.com'] });
    sandbox.addUser({ userName: 'dora@example.com', active: false });
    const emails = [ANN, 'cleo@example.com', 'persn22@example.com', 'dora@example.com'];
    expect(await activities.lookUpPeople(run, { emails })).toEqual([
      { email: ANN, userName: ANN },
      { email: 'cleo@example.com', userName: 'u1234@corp.example.com', others: ['u1234@corp.example.com'] },
      {
        email: 'persn22@example.com',
        cause: 'persn22@example.com is not a user of this workspace.',
        toDo: 'Add persn22@example.com to the workspace; it is noticed by itself.',
      },
      {
        email: 'dora@example.com',
        cause: 'dora@example.com is deactivated in this workspace.',
        toDo: 'Activate the user; it is noticed by itself.',
      },
    ]);
  });
});

describe('looking everybody up again', () => {
  it('names those alone who are not as they were, by one reading for all', async () => {
    const people = Array.from({ length: 30 }, (_, n) => `attendee${n}@example.com`);
    const { activities, run, sandbox } = await openSetting({ people });
    const known = await Promise.all(
      people.map(async (email) => ({
        key: `key of ${email}`,
        email,
        person: await activities.findPerson(run, { email }),
      })),
    );
    const cohort = cohortAddress(run.workshopId, 0);
    const asked = () => requestsTo(sandbox.books(), SCIM_LISTS[0]);
    const before = asked();
    expect(await activities.peopleWhoChanged(run, { cohort, people: known })).toEqual([]);
    expect(asked() - before).toBe(1);

    sandbox.addUser({ userName: 'gone@example.com', active: false });
    sandbox.addUser({ userName: 'renamed@example.com', emails: ['before@example.com'] });
    const others = ['gone', 'before', 'nobody'].map((name) => ({
      key: name,
      email: `${name}@example.com`,
      person: { userName: `${name}@example.com`, workspaceAccess: 'yes' as const },
    }));
    const changed = await activities.peopleWhoChanged(run, { cohort, people: [...known, ...others] });
    expect(changed).toEqual(['gone', 'before', 'nobody']);
  });
});

describe('finding a person', () => {
  it('does not mind how the workspace writes the address, nor how the roster does', async () => {
    const { activities, run } = await openSetting({ people: ['Ann.Example@Example.com'] });
    for (const email of ['ann.example@example.com', ' ANN.Example@example.COM']) {
      expect(await activities.findPerson(run, { email })).toEqual({
        userName: 'Ann.Example@Example.com',
        workspaceAccess: 'yes',
      });
    }
  });

  it('knows people by their other addresses', async () => {
    const { activities, run, sandbox } = await openSetting();
    sandbox.addUser({ userName: 'u1234@corp.example.com', emails: ['u1234@corp.example.com', 'Cleo@example.com'] });
    expect(await activities.findPerson(run, { email: 'cleo@example.com' })).toMatchObject({
      userName: 'u1234@corp.example.com',
    });
  });

  it('names both when two users share an address', async () => {
    const { activities, run, sandbox } = await openSetting();
    sandbox.addUser({ userName: 'cleo.one@example.com', emails: ['cleo@example.com'] });
    sandbox.addUser({ userName: 'cleo.two@example.com', emails: ['cleo@example.com'] });
    const failure = await failureOf(activities.findPerson(run, { email: 'cleo@example.com' }));
    expect(failure).toMatchObject({ type: 'AMBIGUOUS', nonRetryable: true });
    expect(failure.message).toContain('cleo.one@example.com');
    expect(failure.message).toContain('cleo.two@example.com');
    expect(detailOf(failure).toDo).toContain('roster');
  });

  it('names the address that the same user was enrolled with before, and that one alone has the cluster', async () => {
    const roster = [ANN, 'u1234@corp.example.com', 'cleo@example.com'];
    const open = new Set(roster.map((email) => attendeeAddress('spring-apps', seatKey('run-of-this-test', email))));
    const temporal = {
      options: { namespace: 'default' },
      workflowService: {
        describeWorkflowExecution: async ({ execution }: { execution: { workflowId: string } }) => {
          if (open.has(execution.workflowId)) return { workflowExecutionInfo: { status: RUNNING } };
          throw Object.assign(new Error('no such workflow'), { code: 5, details: 'not found', metadata: {} });
        },
      },
      workflow: { getHandle: () => ({ query: async () => roster.map((email) => ({ email })) }) },
    } as unknown as Client;
    const { activities, run, sandbox } = await openSetting({ temporal });
    sandbox.addUser({ userName: 'u1234@corp.example.com', emails: ['Cleo@example.com', 'cleo@home.example.com'] });
    const cohort = cohortAddress(run.workshopId, 0);
    const found = (email: string) => activities.findPerson(run, { email, cohort });
    expect(await found('cleo@example.com')).toMatchObject({ sameAs: 'u1234@corp.example.com' });
    expect((await found('u1234@corp.example.com')).sameAs).toBeUndefined();
    expect((await found(ANN)).sameAs).toBeUndefined();
  });

  it('refuses somebody who is deactivated', async () => {
    const { activities, run, sandbox } = await openSetting();
    sandbox.addUser({ userName: 'cleo@example.com', active: false });
    expect(await failureOf(activities.findPerson(run, { email: 'cleo@example.com' }))).toMatchObject({
      type: 'INACTIVE',
      nonRetryable: true,
    });
  });

  it('refuses somebody none of whose groups may use the workspace', async () => {
    const { activities, run, sandbox } = await openSetting();
    sandbox.addGroup('visitors');
    sandbox.addUser({ userName: 'cleo@example.com', inUsersGroup: false, groups: ['visitors'] });
    const failure = await failureOf(activities.findPerson(run, { email: 'cleo@example.com' }));
    expect(failure).toMatchObject({ type: 'NO_ACCESS', nonRetryable: true });
    expect(detailOf(failure).toDo).toContain('workspace-access');
  });

  it('counts an entitlement of the person alone, and one that comes through a group of groups', async () => {
    const { activities, run, sandbox } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        groups: {
          async *list(options) {
            for await (const group of workspace.groups.list(options)) {
              yield group;
              if (group.name === 'visitors')
                yield {
                  id: 'outer',
                  name: 'everybody',
                  entitlements: ['workspace-access'],
                  members: [{ id: group.id, name: group.name }],
                };
            }
          },
        },
      }),
    });
    sandbox.addGroup('visitors');
    sandbox.addUser({ userName: 'cleo@example.com', inUsersGroup: false, groups: ['visitors'] });
    sandbox.addUser({ userName: 'dora@example.com', inUsersGroup: false, entitlements: ['workspace-access'] });
    expect(await activities.findPerson(run, { email: 'cleo@example.com' })).toMatchObject({ workspaceAccess: 'yes' });
    expect(await activities.findPerson(run, { email: 'dora@example.com' })).toMatchObject({ workspaceAccess: 'yes' });
  });

  it('does not turn anybody away because groups cannot be read, or none is shown', async () => {
    const { activities, run, sandbox } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        groups: {
          // oxlint-disable-next-line require-yield -- the answer is a refusal
          async *list() {
            throw answered(403, 'PERMISSION_DENIED');
          },
        },
      }),
    });
    sandbox.addUser({ userName: 'cleo@example.com', inUsersGroup: false });
    for (const email of ['ann@example.com', 'cleo@example.com']) {
      expect(await activities.findPerson(run, { email })).toEqual({ userName: email, workspaceAccess: 'unknown' });
    }
  });

  it('says who is missing, and notices by itself when they have been added', async () => {
    const { activities, run, sandbox } = await openSetting();
    const failure = await failureOf(activities.findPerson(run, { email: 'late@example.com' }));
    expect(failure).toMatchObject({ type: 'NOT_IN_WORKSPACE', nonRetryable: true });
    expect(failure.message).toContain('late@example.com');
    sandbox.addUser('late@example.com');
    expect(await activities.findPerson(run, { email: 'late@example.com' })).toMatchObject({
      userName: 'late@example.com',
    });
  });

  it('asks the directory a handful of times for fifty people at once, and not at all for those just seen', async () => {
    const people = Array.from({ length: 50 }, (_, i) => `attendee${i}@example.com`);
    const { activities, run, sandbox } = await openSetting({ people });
    const found = await Promise.all(people.map((email) => activities.findPerson(run, { email })));
    expect(found.map(({ userName }) => userName)).toEqual(people);
    const asked = () => SCIM_LISTS.map((route) => requestsTo(sandbox.books(), route));
    const first = asked();
    for (const count of first) expect(count).toBeLessThanOrEqual(3);
    await Promise.all(people.map((email) => activities.findPerson(run, { email })));
    expect(asked()).toEqual(first);
  });

  it('is tried again when the directory has trouble', async () => {
    let trouble = true;
    const { activities, run } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        users: {
          async *list(options) {
            if (trouble) throw answered(503, 'TEMPORARILY_UNAVAILABLE');
            yield* workspace.users.list(options);
          },
        },
      }),
    });
    expect(await failureOf(activities.findPerson(run, { email: 'ann@example.com' }))).toMatchObject({
      nonRetryable: false,
    });
    trouble = false;
    expect(await activities.findPerson(run, { email: 'ann@example.com' })).toMatchObject({
      userName: 'ann@example.com',
    });
  });
});
