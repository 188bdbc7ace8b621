import type { Timeline } from '../../replayed/time/timeline.ts';
import { DAY } from '../../replayed/time/units.ts';
import { retiredModel } from '../../replayed/capacity/retired-models.ts';
import { likelyMistypedDomains } from '../../roster/mistyped-domains.ts';
import type { Plan } from '../plan.ts';

/** Where an account is administered or a cloud is, instead of a workspace. */
const PORTALS = new RegExp(
  String.raw`^(.+\.)?(` +
    [
      String.raw`portal\.azure\.(com|us|cn)`,
      String.raw`accounts\.(cloud\.databricks\.com|azuredatabricks\.net|gcp\.databricks\.com)`,
      String.raw`(console|signin)\.aws\.amazon\.com`,
      String.raw`console\.cloud\.google\.com`,
      String.raw`login\.microsoftonline\.com`,
      String.raw`(www|login|community|docs)\.databricks\.com`,
    ].join('|') +
    ')$',
);
const EXAMPLE_WORKSPACE = 'adb-1234567890123456.7.azuredatabricks.net';
/** What the example's contacts can be reached by, beside addresses that are nobody's by their domain (RFC 2606). */
const EXAMPLE_CONTACT = /@example\.(com|org|net)$|^\+49 30 555 0100$/i;

const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?:[:/]|$)/i;

type Cloud = 'Azure' | 'AWS' | 'Google Cloud';

const LONGEST_AHEAD = 366 * DAY;

/**
 * What is probably a slip in a plan, though it can be done: each with what would be right. A sandbox on this computer
 * has no cloud, and nobody is written to. @param now epoch milliseconds
 */
export function oddities(
  plan: Plan,
  { people, timeline, now }: { readonly people: readonly string[]; readonly timeline: Timeline; readonly now: number },
): string[] {
  const isReal = plan.workspace.startsWith('https:');
  return [
    ...(isReal ? [...aboutContacts(plan), ...aboutTheAddress(plan), ...aboutMachines(plan)] : []),
    ...aboutThePages(plan),
    ...aboutTheStart(plan, timeline, now),
    ...[retiredModel(plan, timeline.end)].filter((said) => said !== undefined),
    ...likelyMistypedDomains([...people, ...plan.testers, ...contactsOf(plan).map(({ contact }) => contact)]).map(
      ({ domain, meant, emails }) => `Mistyped? ${emails.join(', ')}: most others have @${meant}, not @${domain}.`,
    ),
  ];
}

const contactsOf = ({ contacts }: Plan) =>
  (['leadFacilitator', 'databricksAdmin', 'networkSupport'] as const).map((role) => ({ role, ...contacts[role] }));

function aboutContacts(plan: Plan): string[] {
  const left = contactsOf(plan).filter(({ contact }) => EXAMPLE_CONTACT.test(contact.trim()));
  if (left.length === 0) return [];
  return [
    `Contacts are still the example's: ${left.map(({ role, contact }) => `${role} ${contact}`).join(', ')}. Every ` +
      'letter names them: write who really helps.',
  ];
}

function aboutTheAddress({ workspace }: Plan): string[] {
  const { hostname } = new URL(workspace);
  if (hostname === EXAMPLE_WORKSPACE)
    return [`The workspace is still the example's: write the address that your workspace has in the browser.`];
  if (!PORTALS.test(hostname)) return [];
  return [
    `${hostname} is a portal, and no workspace: open the workspace and write the address that the browser shows ` +
      'then, like https://adb-123.4.azuredatabricks.net.',
  ];
}

/** Whoever reads along on the way would have everybody's links. */
function aboutThePages({ web }: Plan): string[] {
  if (web?.url === undefined || !web.url.startsWith('http:') || LOOPBACK.test(web.url)) return [];
  return [
    `web.url ${web.url} is not encrypted: whoever reads along on the network can open people's pages with their ` +
      'links. Put TLS in front and write https:// (docs/web.md).',
  ];
}

function cloudOfHost(hostname: string): Cloud | undefined {
  if (/\.(azuredatabricks\.net|databricks\.azure\.(us|cn))$/.test(hostname)) return 'Azure';
  if (PORTALS.test(hostname)) return undefined;
  if (hostname.endsWith('.gcp.databricks.com')) return 'Google Cloud';
  return /\.cloud\.databricks\.(com|us)$/.test(hostname) ? 'AWS' : undefined;
}

function cloudOfMachine(nodeType: string): Cloud | undefined {
  if (/^Standard_/i.test(nodeType)) return 'Azure';
  if (/^[a-z]\w*-[a-z]+-[\w-]+$/.test(nodeType)) return 'Google Cloud';
  return /^[a-z]\w*\.[\w-]+$/.test(nodeType) ? 'AWS' : undefined;
}

function aboutMachines({ workspace, compute }: Plan): string[] {
  const cloud = cloudOfHost(new URL(workspace).hostname);
  if (cloud === undefined) return [];
  const foreign = [compute.nodeType, ...compute.fallbackNodeTypes].filter((type) => {
    const theirs = cloudOfMachine(type);
    return theirs !== undefined && theirs !== cloud;
  });
  if (foreign.length === 0) return [];
  return [
    `Machines of another cloud: ${foreign.map((type) => `${type} (${cloudOfMachine(type)})`).join(', ')}. The ` +
      `workspace is on ${cloud}: choose compute.nodeType and fallbackNodeTypes from "databricks clusters ` +
      'list-node-types".',
  ];
}

function aboutTheStart({ start, timeZone }: Plan, timeline: Timeline, now: number): string[] {
  const [date = '', clock = ''] = start.split('T');
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const hour = Number(clock.slice(0, 2));
  const isFar = timeline.start - now > LONGEST_AHEAD;
  const isWeekend = weekday === 0 || weekday === 6;
  const isNight = hour < 6 || hour >= 21;
  return [
    ...(isFar
      ? [`The start is ${Math.round((timeline.start - now) / LONGEST_AHEAD)} years or so away: is ${date} meant?`]
      : []),
    ...(isWeekend ? [`${date} is a ${weekday === 0 ? 'Sunday' : 'Saturday'}: is that meant?`] : []),
    ...(isNight ? [`The start is at ${clock} in ${timeZone}: is that meant?`] : []),
  ];
}
