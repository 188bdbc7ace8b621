/** What a roster's columns may be about. */
export type Column = 'email' | 'name' | 'firstName' | 'lastName' | 'table' | 'role' | 'workspace';

/**
 * How people head their columns, in letters only: "E-Mail", "e mail" and "EMail:" are the same. The likeliest first: of
 * two that fit, like `userPrincipalName` and `mail` in an export of a directory, the earlier counts.
 */
const SPELLINGS: Readonly<Record<Column, string>> = {
  email:
    'email emails mail emailaddress mailaddress emailadresse mailadresse workemail businessemail companyemail ' +
    'primaryemail primarysmtpaddress smtpaddress courriel adressemail adresseemail adresseelectronique correo ' +
    'correoelectronico postaelettronica userprincipalname upn username',
  name:
    'name fullname displayname anzeigename attendee attendeename participant participantname teilnehmer teilnehmerin ' +
    'vollständigername person nom nomcomplet nombre nombrecompleto',
  firstName: 'firstname givenname forename vorname prénom prenom',
  lastName: 'lastname surname familyname nachname familienname nomdefamille apellido apellidos cognome',
  table: 'table tablenumber tableno tablenr tisch tischnummer tischnr mesa tavolo tafel',
  workspace: 'workspace databricksworkspace workspaceurl workspaceaddress arbeitsbereich espacedetravail',
  role: 'role rolle jobtitle position funktion function rôle rol ruolo',
};

const BY_SPELLING = new Map(
  Object.entries(SPELLINGS).flatMap(([column, spellings]) =>
    spellings.split(' ').map((spelling, rank) => [spelling, { column: column as Column, rank }] as const),
  ),
);

/** Where each column stands; what stands in the others is not read. */
export interface Header {
  readonly places: ReadonlyMap<Column, number>;
  /** As they are written, in their order. */
  readonly read: readonly string[];
  readonly unread: readonly string[];
}

/** The header that a row is, or undefined: one has a column of addresses, and no address in it. */
export function headerIn(cells: readonly string[]): Header | undefined {
  if (cells.some((cell) => cell.includes('@'))) return undefined;
  const best = new Map<Column, { readonly place: number; readonly rank: number }>();
  for (const [place, cell] of cells.entries()) {
    const known = BY_SPELLING.get(lettersOf(cell));
    if (known && known.rank < (best.get(known.column)?.rank ?? Infinity))
      best.set(known.column, { place, rank: known.rank });
  }
  if (!best.has('email')) return undefined;
  const places = new Map([...best].map(([column, { place }]) => [column, place]));
  const isRead = new Set(places.values());
  const written = (wanted: boolean) =>
    cells.flatMap((cell, place) => (isRead.has(place) === wanted && cell.trim() !== '' ? [cell.trim()] : []));
  return { places, read: written(true), unread: written(false) };
}

const lettersOf = (cell: string): string => cell.toLowerCase().replaceAll(/[^\p{L}]+/gu, '');
