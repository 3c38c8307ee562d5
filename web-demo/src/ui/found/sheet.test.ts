import { expect, it } from 'vitest';
import { isEndOf } from './sheet';

const code = 'V7QK-2M9X-01A0';

it.each(['01A0', ' 01a0 ', '01-A0', 'OIAO', 'olao'])('takes %j for the end of the sheet', (typed) => {
  expect(isEndOf(code, typed)).toBe(true);
});

it.each(['', '01A', '01A00', 'V7QK', '2M9X-01A0'])('does not take %j for it', (typed) => {
  expect(isEndOf(code, typed)).toBe(false);
});
