/** @file What a link, a QR code or typing brings: an invitation's code, or the reason why it is none. */

export type Invitation =
  | { readonly kind: 'code'; readonly code: string }
  /** A letter of a house that lives at another address. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unknown' };

/** Reads the text of a QR code or an address. `origin` is ours. */
export function invitationOf(text: string, origin: string): Invitation | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  let address: URL;
  try {
    address = new URL(trimmed);
  } catch {
    return looksTyped(trimmed) ? { kind: 'code', code: trimmed } : { kind: 'unknown' };
  }
  const code = codeInAddress(address.href);
  if (code === undefined || !looksTyped(code)) return { kind: 'unknown' };
  return address.origin === origin ? { kind: 'code', code } : { kind: 'foreign' };
}

const fragment = '#j=';
const sheetFragment = '#s=';
const intakeFragment = '#i=';

/** Whether a text is what a recovery sheet's QR code carries. */
export function isSheet(text: string): boolean {
  return text.includes(sheetFragment);
}

/** Whether a text is a house's public link, for whoever does not belong to it. */
export function isPublicLink(text: string): boolean {
  return text.includes(intakeFragment);
}

/** What the link of a letter carries, as it is; `undefined` for any other address. */
export function codeInAddress(address: string): string | undefined {
  const at = address.indexOf(fragment);
  return at < 0 ? undefined : address.slice(at + fragment.length);
}

function looksTyped(text: string): boolean {
  return /^[0-9a-z\s._-]{12,}$/i.test(text);
}

const groupLength = 4;

/** Typed characters as the letter prints them: capitals in groups of four. Everything else falls away. */
export function groupCode(typed: string): string {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return plain.match(new RegExp(`.{1,${groupLength}}`, 'g'))?.join('-') ?? '';
}

/** The groups of a code as it is shown. */
export function groupsOf(shown: string): readonly string[] {
  return shown.split('-');
}

/** Where the caret belongs after grouping, so that typing in the middle does not jump. */
export function caretAfterGrouping(typed: string, caret: number): number {
  const before = typed.slice(0, caret).replace(/[^0-9A-Za-z]/g, '').length;
  if (before === 0) return 0;
  return before + Math.floor((before - 1) / groupLength);
}
