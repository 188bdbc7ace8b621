import { normaliseEmail } from '../replayed/seat/email.ts';
import { LONGEST_DETAIL, type Details } from '../replayed/seat/details.ts';
import { excerpt } from '../plan/problem.ts';

/** One address, with the name that stands beside it; or why there is none to be had. */
export type PersonInText =
  | { readonly ok: true; readonly email: string; readonly name?: string }
  | { readonly ok: false; readonly why: string };

/** As Entra ID names the account of a guest from another company: `ann_partner.com#EXT#@tenant.onmicrosoft.com`. */
const GUEST_ACCOUNT = /([^\s<>"',;]+)#EXT#@[^\s<>"',;]+/i;

/**
 * Reads `ann@example.com`, `Ann Example <ann@example.com>` or `mailto:ann@example.com`, in quotes or without. Of
 * what `databricks ssh` cannot keep keys for (docs/facts/ssh-and-claude.md section 2), a guest's account and an
 * apostrophe are refused: the one has another address, the other would end a quoted word in a shell.
 */
export function personIn(written: string): PersonInText {
  const guest = GUEST_ACCOUNT.exec(written);
  if (guest) return { ok: false, why: guestWords(guest[0], guest[1] ?? '') };
  const text = withoutGuard(withoutRemark(written));
  const [, beside = '', inside] = /^([^<>]*)<([^<>]*)>[\s.,;]*$/.exec(text) ?? [];
  const address = (inside ?? text)
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(/^mailto:/i, '');
  const email = normaliseEmail(address);
  if (email === undefined) return { ok: false, why: `"${excerpt(text)}" is not an email address${hint(text)}` };
  if (email.includes("'"))
    return {
      ok: false,
      why:
        `"${excerpt(email)}" has an apostrophe, and "databricks ssh" cannot keep its keys for such an address: write ` +
        'another account of this person',
    };
  const name = tidy('name', beside);
  return name === undefined || name.includes('@') ? { ok: true, email } : { ok: true, email, name };
}

/** An exported roster has an apostrophe before what Excel would take for a formula. */
const withoutGuard = (text: string): string => text.replace(/^'(?=[=+\-@])/, '');

/** Everything behind a # that follows a space or an address. */
export const withoutRemark = (text: string): string => text.replace(/(^|\s|@[^\s#]*)#.*$/, '$1').trim();

/**
 * A name, table or role as it is kept: one line, without quotes around it, cut where it is longer than any real one;
 * "Example, Ann" is Ann Example. Undefined when nothing is left.
 */
export function tidy(what: keyof Details, written: string): string | undefined {
  const line = withoutGuard(written.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim())
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  const turned = what === 'name' && !/,\s*(?:jr|sr|ph\.?d|m\.?d|mba|ii|iii|iv)\.?$/i.test(line);
  const text = turned ? line.replace(/^([^,()]+),\s*([^,()]+)$/, '$2 $1') : line;
  return text === '' ? undefined : text.slice(0, LONGEST_DETAIL[what]).trim();
}

/** What such an account is, and, where its name tells, which address is meant. */
function guestWords(account: string, local: string): string {
  const cut = local.lastIndexOf('_');
  const own = normaliseEmail(`${local.slice(0, Math.max(0, cut))}@${local.slice(cut + 1)}`);
  return (
    `"${excerpt(account, 60)}" is how Entra ID names a guest's account, and "databricks ssh" cannot keep its keys ` +
    `for such a name: write the address that the guest signs in with${own === undefined ? '' : `, probably ${own}`}`
  );
}

/** What the person probably did, so that they can mend every line of that kind at once. */
function hint(text: string): string {
  if (/[\u200B-\u200F\u2060\uFEFF]/.test(text))
    return ': it holds an invisible character, often from copying out of a web page; type it again';
  if (/<?\/o=/i.test(text)) return ': it is an internal name of Exchange; write the address itself';
  if ((text.match(/@/g)?.length ?? 0) > 1) return ': write one address a line, or a semicolon between two';
  if (text.includes('@') && /\s/.test(text)) return ': write the name before it and <> around it, or # before a remark';
  return '';
}
