import { expect, test } from 'vitest';

import { formatMoney } from '../src';

test.each([
  [4500, 'gbp', '£45.00'],
  [9899, 'jpy', '¥9,899'],
  [12300, 'isk', 'ISK 123'],
  [12340, 'kwd', 'KWD 12.340'],
])('%i %s is %s', (amount, currency, words) => {
  expect(formatMoney(amount, currency, 'en-GB').replace(/\s/g, ' ').replace('JP¥', '¥')).toBe(words);
});
