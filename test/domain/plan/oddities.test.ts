import { expect, it } from 'vitest';
import { oddities } from '../../../src/domain/plan/warnings/oddities.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { examplePlan } from './example-plan.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const REAL = [
  ['contact: ann@example.com', 'contact: ann@corp.test'],
  ['contact: bo@example.com', 'contact: bo@corp.test'],
  ['+49 30 555 0100', '+49 30 901820'],
  ['adb-1234567890123456.7', 'adb-1234567890123457.8'],
] as const;
const PEOPLE = ['ann@corp.test', 'bo@corp.test', 'cleo@corp.test', 'dora@corp.test'];

function said(change: readonly (readonly [string, string])[] = [], people: readonly string[] = PEOPLE): string[] {
  const plan = examplePlan(...REAL, ...change);
  return oddities(plan, { people, timeline: timelineOf(plan), now: NOW });
}

it('says nothing of a plan that is meant', () => {
  expect(said()).toEqual([]);
});

it("names the example's contacts and workspace, unless it is for a sandbox on this computer", () => {
  const plan = examplePlan();
  const about = (workspace: string) =>
    oddities({ ...plan, workspace }, { people: [], timeline: timelineOf(plan), now: NOW });
  expect(about(plan.workspace)).toEqual([
    "Contacts are still the example's: leadFacilitator ann@example.com, databricksAdmin bo@example.com, " +
      'networkSupport +49 30 555 0100. Every letter names them: write who really helps.',
    "The workspace is still the example's: write the address that your workspace has in the browser.",
  ]);
  expect(about('http://127.0.0.1:4747')).toEqual([]);
});

it.each(['https://portal.azure.com', 'https://accounts.azuredatabricks.net', 'https://accounts.cloud.databricks.com'])(
  'says that %s is no workspace',
  (workspace) => {
    expect(said([['https://adb-1234567890123457.8.azuredatabricks.net', workspace]])).toEqual([
      expect.stringContaining(`${new URL(workspace).hostname} is a portal, and no workspace: open the workspace`),
    ]);
  },
);

it.each([
  ['adb-1234567890123457.8.azuredatabricks.net', 'm5.xlarge', 'm5.xlarge (AWS). The workspace is on Azure'],
  [
    'adb-1234567890123457.8.azuredatabricks.net',
    'n2-standard-4',
    'n2-standard-4 (Google Cloud). The workspace is on A',
  ],
  ['dbc-1234.cloud.databricks.com', 'm5.xlarge', 'Standard_D4s_v5 (Azure), Standard_E4ds_v4 (Azure). The workspace is'],
])('on %s a %s: machines of another cloud are named', (host, nodeType, words) => {
  const change = [
    ['adb-1234567890123457.8.azuredatabricks.net', host],
    ['nodeType: Standard_D4ds_v5', `nodeType: ${nodeType}`],
  ] as const;
  expect(said(change)).toEqual([expect.stringContaining(words)]);
});

it('asks whether a start years away, at a weekend or in the night is meant', () => {
  expect(said([['2027-03-16T09:00', '2072-03-16T09:00']])).toEqual([
    'The start is 45 years or so away: is 2072-03-16 meant?',
  ]);
  expect(said([['2027-03-16T09:00', '2027-03-20T02:00']])).toEqual([
    '2027-03-20 is a Saturday: is that meant?',
    'The start is at 02:00 in Europe/Berlin: is that meant?',
  ]);
});

it('names addresses whose domain is probably mistyped', () => {
  expect(said([], [...PEOPLE, 'eve@crop.test', 'fay@partner.test'])).toEqual([
    'Mistyped? eve@crop.test: most others have @corp.test, not @crop.test.',
  ]);
});

it('says where links to pages would travel unencrypted', () => {
  const { workspace: _, ...plan } = examplePlan(...REAL);
  const about = (url: string) =>
    oddities(
      { ...plan, workspace: 'http://127.0.0.1:4747', web: { url, generation: 1 } },
      { people: [], timeline: timelineOf(examplePlan()), now: NOW },
    );
  for (const url of ['https://room.corp.test', 'http://127.0.0.1:8420', 'http://localhost:8420/room'])
    expect(about(url), url).toEqual([]);
  for (const url of ['http://room.corp.test', 'http://127.0.0.1.corp.test', 'http://10.0.0.1:8420'])
    expect(about(url), url).toEqual([expect.stringMatching(/^web\.url .* is not encrypted: .* write https:\/\//)]);
});
