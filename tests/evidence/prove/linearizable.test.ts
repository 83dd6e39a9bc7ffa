import { expect, test } from '@jest/globals';
import type { Asked } from '../../../scripts/evidence/prove/http/life-cycle.ts';
import { type Event, isLinearizable } from '../../../scripts/evidence/prove/http/linearizable.ts';

const event = (asked: Asked, resultCode: string, from: number, to: number): Event => ({ asked, resultCode, from, to });
const buy: Asked = { what: 'buy' };
const release: Asked = { what: 'release' };
const freeze = (sentAt: number): Asked => ({ what: 'freeze', sentAt });
const unfreeze = (sentAt: number): Asked => ({ what: 'unfreeze', sentAt });

test('a history in which each call meets what the one before left is possible', () => {
  expect(
    isLinearizable([event(buy, '000004', 0, 1), event(freeze(5), '000000', 2, 3), event(release, '000000', 4, 5)]),
  ).toBe(true);
});

test('calls at the same time may have taken place in either order', () => {
  expect(isLinearizable([event(freeze(5), '000003', 0, 9), event(buy, '000004', 1, 2)])).toBe(true);
  expect(isLinearizable([event(freeze(5), '000000', 0, 9), event(buy, '000004', 1, 2)])).toBe(true);
});

test('a call that was answered before the purchase was sent cannot have found the instance', () => {
  expect(isLinearizable([event(freeze(5), '000000', 0, 1), event(buy, '000004', 2, 3)])).toBe(false);
});

test('a released instance cannot come back', () => {
  const history = [event(buy, '000004', 0, 1), event(release, '000000', 2, 3), event(freeze(5), '000000', 4, 5)];
  expect(isLinearizable(history)).toBe(false);
});

test('a purchase that was ready cannot be in the making again', () => {
  expect(isLinearizable([event(buy, '000004', 0, 1), event(buy, '000000', 2, 3), event(buy, '000004', 4, 5)])).toBe(
    false,
  );
});

test('what was answered "try again" may take effect later, or never', () => {
  const tried = event(release, '000005', 2, 3);
  const bought = event(buy, '000004', 0, 1);
  expect(isLinearizable([bought, tried, event(freeze(5), '000000', 4, 5)])).toBe(true);
  expect(isLinearizable([bought, tried, event(freeze(5), '000003', 4, 5)])).toBe(true);
});

test('two statuses of the same moment that disagree cannot both be taken', () => {
  const history = (code: string) => [
    event(buy, '000004', 0, 1),
    event(freeze(5), '000000', 2, 3),
    event(unfreeze(5), code, 4, 5),
  ];
  expect(isLinearizable(history('000000'))).toBe(false);
  expect(isLinearizable(history('000005'))).toBe(true);
});
