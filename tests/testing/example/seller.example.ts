import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { checkHooks, createTestShop } from '../../../scripts/testing/index.ts';
import { seller, teams } from './seller.ts';

test('a team is bought, renewed and released', async () => {
  const shop = createTestShop({ products: { team: { seller } }, now: new Date('2026-03-01T00:00:00Z') });
  const { instanceId, resultCode } = await shop.marketplace.buy({ seats: 10 });
  assert.equal(resultCode, '000004'); // accepted; the hooks run in settle
  await shop.settle();
  const { access } = await shop.marketplace.query(instanceId);
  assert.equal(access?.userName, 'owner');

  shop.loseAnswer('renew'); // KooGate calls it again
  await shop.marketplace.renew(instanceId);
  await shop.settle();
  assert.equal(teams.get(instanceId)?.until, '2028-03-01T00:00:00.000Z');
  assert.deepEqual(
    shop.calls.map(({ hook, outcome }) => `${hook} ${outcome}`),
    ['provision done', 'renew lost', 'renew done'],
  );

  await shop.marketplace.release(instanceId);
  await shop.settle();
  assert.equal(teams.has(instanceId), false);
});

test('the hooks stand being called late, twice and out of order', async () => {
  await checkHooks(seller, {
    observe: (instanceId) => {
      const { keys, ...team } = teams.get(instanceId) ?? { keys: [] };
      return team;
    },
  });
});
