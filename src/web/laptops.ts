import {
  isIntercepted,
  LAPTOP_CHECKS,
  readLaptopCode,
  type LaptopCheck,
  type LaptopEvidence,
} from '../domain/papers/laptop-evidence.ts';
import type { Room } from '../domain/replayed/room/room.ts';

/** What the newest code says that came in for a seat; undefined where none did. */
export function laptopOf({ laptops }: Pick<Room, 'laptops'>, key: string): LaptopEvidence | undefined {
  const read = readLaptopCode(laptops[key]?.code ?? '');
  return read.ok ? read.evidence : undefined;
}

export const failedOn = ({ checks }: LaptopEvidence): string =>
  LAPTOP_CHECKS.filter((check) => checks[check] === 'failed').join(', ');

/** What somebody's laptop lacks, in a sentence; undefined where nothing is lacking. */
export function lackingOf(room: Pick<Room, 'laptops'>, key: string): string | undefined {
  const evidence = laptopOf(room, key);
  if (evidence === undefined) return 'no check was handed in yet.';
  const failed = failedOn(evidence);
  return failed === '' ? undefined : `the check found that this does not work yet: ${failed}.`;
}

/** Of each check that failed, what that means and what to do. The check itself says it with the lines to type. */
const WORDS: Readonly<Record<LaptopCheck, string>> = {
  cli: 'The databricks command line is not installed. Install it as the check says, and run the check again.',
  version: 'The databricks command line is another version than the workshop needs. Update it as the check says.',
  ssh: 'There is no ssh. On Windows it is an optional feature: OpenSSH Client.',
  vscode: 'Visual Studio Code was not found. You can do without it: a terminal is enough.',
  'remote-ssh': 'Visual Studio Code lacks the extension Remote-SSH. Install it, or use a terminal.',
  settings: 'Two settings of Visual Studio Code are missing. Run the check with its fix, which writes them.',
  reach: 'The workspace cannot be reached from here: a proxy or a firewall is between. Ask the network contact below.',
  apps: "The host of people's apps cannot be reached from here. Everything but looking at your app will work.",
  'sign-in': 'You are not signed in to the workspace. Type the line that the check prints.',
  tunnel:
    'No connection to your cluster came about: WebSocket may be closed on the way. Ask the network contact below.',
  'check-claude': 'Your cluster answers, and something on it does not work. Type check-claude there, or ask for help.',
};

/** What a laptop's check found, in sentences for whoever sits at it. */
export function laptopInWords(evidence: LaptopEvidence): string[] {
  return [
    ...LAPTOP_CHECKS.filter((check) => evidence.checks[check] === 'failed').map((check) => WORDS[check]),
    ...(isIntercepted(evidence.issuer)
      ? [`Your connections are opened and read on the way, by ${evidence.issuer}. That is known, and taken care of.`]
      : []),
  ];
}
