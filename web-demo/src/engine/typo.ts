/**
 * @file Where in a typed code the slip is. The checksum tells that there is one; trying every single wrong character, and every two
 * neighbours changed over, tells in which groups it can be. If there was one slip, it is in one of those named.
 */
import type { CodeCheck } from './contract';

/** The module's own check. */
export type CheckCode = (text: string) => 'partial' | 'mistyped' | 'complete';

const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groupLength = 4;
/** Naming more groups than this helps nobody. */
const groupsMax = 3;

/** How a code stands. `text`: as typed, or as a link brought it. */
export function followCode(check: CheckCode, text: string): CodeCheck {
  const state = check(text);
  if (state !== 'mistyped') return { state };
  // A link's code was not typed, and names its house too.
  if (text.includes('.')) return { state, groups: [] };
  const typed = text.toUpperCase().replace(/[\s–—-]/g, '');
  const groups = [...suspects(check, typed)].sort((a, b) => a - b);
  return { state, groups: groups.length <= groupsMax ? groups : [] };
}

/** Groups, from 1. */
function suspects(check: CheckCode, typed: string): ReadonlySet<number> {
  const group = (place: number) => Math.floor(place / groupLength) + 1;
  const impossible = [...typed].flatMap((symbol, place) => (/[0-9A-TV-Z]/.test(symbol) ? [] : [group(place)]));
  if (impossible.length > 0) return new Set(impossible);
  const found = new Set<number>();
  for (let place = 0; place < typed.length; place++) {
    const [before, here, next, after] = [
      typed.slice(0, place),
      typed.charAt(place),
      typed.charAt(place + 1),
      typed.slice(place + 1),
    ];
    const replaced = [...symbols].some((symbol) => symbol !== here && check(before + symbol + after) === 'complete');
    if (replaced) found.add(group(place));
    if (next !== '' && next !== here && check(before + next + here + after.slice(1)) === 'complete') {
      found.add(group(place)).add(group(place + 1));
    }
  }
  return found;
}
