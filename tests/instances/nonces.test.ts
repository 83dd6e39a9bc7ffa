import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimNonce } from '../../lib/instances/nonces.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { ENGINES, vanishing, watched } from './support.ts';

const NOW = 1_700_000_000_000;

describe.each(ENGINES)('a nonce on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  test('is claimed once, in one request', async () => {
    const { table, sent } = watched(running.table);
    expect(await claimNonce(table, 'demo', 'once', NOW)).toBe(true);
    expect(sent).toHaveLength(1);
    expect(await claimNonce(table, 'demo', 'once', NOW + 1)).toBe(false);
  });

  test('is claimed by one of 20 concurrent calls', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimNonce(running.table, 'demo', 'race', NOW)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('belongs to its product', async () => {
    expect(await claimNonce(running.table, 'a', 'same', NOW)).toBe(true);
    expect(await claimNonce(running.table, 'b', 'same', NOW)).toBe(true);
  });

  test('may be any text of any length', async () => {
    for (const nonce of ['', '#', 'x'.repeat(5_000), '随机']) {
      expect(await claimNonce(running.table, 'demo', nonce, NOW)).toBe(true);
      expect(await claimNonce(running.table, 'demo', nonce, NOW)).toBe(false);
    }
  });

  test('is kept longer than its signature is accepted, and free again later even if nothing clears it away', async () => {
    await claimNonce(running.table, 'demo', 'old', NOW);
    expect(await claimNonce(running.table, 'demo', 'old', NOW + 180_000)).toBe(false);
    expect(await claimNonce(running.table, 'demo', 'old', NOW + 3_600_000)).toBe(true);
  });

  test('whose answer was lost is ours when the SDK sends the claim again', async () => {
    const { table } = watched(running.table, { kind: 'answer lost', at: 1 });
    expect(await claimNonce(table, 'demo', 'lost', NOW)).toBe(true);
    expect(await claimNonce(running.table, 'demo', 'lost', NOW)).toBe(false);
  });

  test('that another call has claimed is not ours, even if it is cleared away by then', async () => {
    expect(await claimNonce(running.table, 'demo', 'gone', NOW)).toBe(true);
    expect(await claimNonce(vanishing(running.table), 'demo', 'gone', NOW)).toBe(false);
  });

  test('is not thought claimed when the table fails', async () => {
    const { table } = watched(running.table, { kind: 'dies after', at: 1 });
    await expect(claimNonce(table, 'demo', 'failed', NOW)).rejects.toThrow();
  });
});
