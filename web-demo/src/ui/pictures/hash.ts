/** @file What stands in a picture's place before it is here: a few colours from its ThumbHash. */
import { thumbHashToDataURL } from 'thumbhash';

const known = new Map<string, string>();

/** The address of a small blurred picture, or `undefined` where there is no hash, or none that makes sense. */
export function placeholderOf(hash: string): string | undefined {
  if (hash === '') return undefined;
  const kept = known.get(hash);
  if (kept !== undefined) return kept;
  const bytes = hash.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  if (bytes.length < hashBytesMin || bytes.some(Number.isNaN)) return undefined;
  try {
    const address = thumbHashToDataURL(bytes);
    known.set(hash, address);
    return address;
  } catch {
    return undefined; // not a hash: the plain ground has to do
  }
}

/** Header and the smallest set of coefficients; fewer bytes would be read past their end. */
const hashBytesMin = 5;
