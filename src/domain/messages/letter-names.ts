const SPAN = ['day', 'from', 'until'] as const;
const APPS = ['apps', 'apps-stopped', 'apps-deleted', 'apps-kept'] as const;
const CHECKS = ['check-shell', 'check-powershell'] as const;

/** What every letter knows: always, or where the roster or the plan says it. */
export const IN_EVERY_LETTER = {
  always: [
    'title',
    'workspace',
    'alias',
    'time-zone',
    'facilitator',
    'facilitator-contact',
    'admin',
    'admin-contact',
    'network',
    'network-contact',
  ],
  sometimes: ['name', 'place', 'table', 'page', 'version', 'runs-in-your-name', 'fetches-server'],
} as const;

/** Every letter, and what it knows besides. */
export const LETTERS = {
  invitation: { always: [...SPAN, ...CHECKS], sometimes: ['last-day', 'cluster'] },
  'joined-late': { always: [...SPAN, ...CHECKS], sometimes: ['last-day', 'cluster', 'ready', 'starting'] },
  'new-cluster': { always: ['cluster'], sometimes: [] },
  'another-cluster': { always: ['cluster', 'previous-cluster'], sometimes: [] },
  'not-tried': { always: [...SPAN, ...CHECKS], sometimes: ['last-day', 'cluster'] },
  ready: { always: ['cluster'], sometimes: [] },
  'not-connected': { always: ['cluster'], sometimes: [] },
  'save-work': { always: ['until'], sometimes: [] },
  rescheduled: { always: SPAN, sometimes: ['last-day', 'cluster'] },
  'called-off': { always: ['reason'], sometimes: [] },
  goodbye: { always: [], sometimes: [] },
  feedback: { always: ['removal-day', 'removal-time'], sometimes: ['form', 'mail', 'person', ...APPS] },
} as const;
export type LetterName = keyof typeof LETTERS;
export const LETTER_NAMES = Object.keys(LETTERS) as LetterName[];

type ValuesOf<Known extends { readonly always: readonly string[]; readonly sometimes: readonly string[] }> = Readonly<
  Record<Known['always'][number], string> & Record<Known['sometimes'][number], string | undefined>
>;
/** What is to be said for a letter's placeholders; undefined for what is missing. */
export type LetterValues<Name extends LetterName> = ValuesOf<(typeof LETTERS)[Name]>;
export type CommonValues = ValuesOf<typeof IN_EVERY_LETTER>;
