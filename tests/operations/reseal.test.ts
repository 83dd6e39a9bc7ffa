import { createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { InstanceItem } from '../../lib/instances/item.ts';
import { type Key, keys } from '../../lib/instances/keys.ts';
import { readSealingMark } from '../../lib/instances/sealing-mark.ts';
import { putIf, readItem, updateIf } from '../../lib/instances/write.ts';
import { reseal } from '../../lib/operations/reseal.ts';
import { createSealer, inspectSealed } from '../../lib/sealing/sealer.ts';
import { type SealedKind, type SealingKey, SecretsUnavailable } from '../../lib/secrets/secrets.ts';
import { acceptSync } from '../../lib/tenants/accept.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { rsaPair } from '../secrets/fixture.ts';
import { memoryTable } from '../support/memory-table.ts';
import { NOW, opened } from '../usage/world.ts';

const PAIRS = [rsaPair(2048), rsaPair(2048)];
const [first, second] = PAIRS;

/** As versions of before sealed: the header names no item. */
function sealedBefore(kind: SealedKind, kid: string, publicKey: string, value: unknown): string {
  const header = Buffer.from(JSON.stringify({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, typ: `koogate-${kind}` }));
  const key = randomBytes(32);
  const iv = randomBytes(12);
  const aad = header.toString('base64url');
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(aad));
  const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  const wrapped = publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, key);
  return [aad, ...[wrapped, iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

/** A table, and keys of which more are added in front. */
function world() {
  const table = memoryTable();
  const ring: (SealingKey & { privateKey: string })[] = [
    { kid: 'k1', key: first?.publicKey ?? '', privateKey: first?.privateKey ?? '' },
  ];
  const secrets = {
    sealing: async (kind: SealedKind, half: 'public' | 'private') => {
      if (kind === 'kit') throw new SecretsUnavailable('There is no such key.', 'gone');
      return ring.map(({ kid, key, privateKey }) => ({ kid, key: half === 'public' ? key : privateKey }));
    },
  };
  const time = { now: NOW };
  const sealer = createSealer(secrets, () => time.now);
  const marked = async () => (await readSealingMark(table)) !== undefined;
  return {
    table,
    time,
    sealer,
    /** As the functions have it. */
    strict: createSealer(secrets, () => time.now, marked),
    rotate: () => ring.unshift({ kid: 'k2', key: second?.publicKey ?? '', privateKey: second?.privateKey ?? '' }),
    forget: () => ring.pop(),
    reseal: (pages = Number.POSITIVE_INFINITY) => {
      let left = pages;
      const progress = () => {
        left -= 1;
        if (left < 0) throw new Error('broken off');
      };
      return reseal({ table, secrets, sealer, clock: () => time.now, progress });
    },
    item: (key: Key) => readItem<InstanceItem>(table, key).then((item) => item ?? ({} as InstanceItem)),
  };
}

const change = { id: 'c', kind: 'upgrade', orderId: 'o', orderLineId: '', acceptedAt: 1, sentAt: 1 } as const;

describe('sealing everything anew', () => {
  test('binds what older versions sealed, wherever it stands, marks the installation, and is done', async () => {
    const w = world();
    const old = (value: unknown) => sealedBefore('personal', 'k1', first?.publicKey ?? '', value);
    const key = keys.instance('demo', 'i');
    await opened(w.table, {
      instanceId: 'i',
      access: sealedBefore('credentials', 'k1', first?.publicKey ?? '', { frontEndUrl: 'https://x' }),
      order: old({ orderId: 'o' }),
      pending: [change, { ...change, id: 'd', told: old('told') }],
      failed: { 'e-1': { ...change, id: 'e-1', told: old('aside'), reason: 'r', failedAt: 1 } },
    });
    const user = kitKeys.user({ product: 'demo', tenantId: 't', instanceId: 'i' }, 'a', 'ann');
    const record = { ...user, type: 'user', record: { appId: 'a', user: old({ userName: 'ann' }) } } as const;
    await putIf(w.table, record, { condition: 'attribute_not_exists(#pk)', values: {} });
    expect(await w.reseal()).toMatchObject({
      isMarked: true,
      round: { resealed: 5, values: 5 },
      check: { resealed: 0 },
    });
    const { access = '', order = '', pending, failed } = await w.item(key);
    expect(await w.strict.open('credentials', access, key)).toEqual({ frontEndUrl: 'https://x' });
    const [, waiting] = pending;
    const aside = failed['e-1'];
    for (const text of [
      order,
      ...[waiting, aside].map((one) => (one !== undefined && 'told' in one && one.told) || ''),
    ]) {
      expect(inspectSealed(text, key)).toEqual({ kind: 'personal', kid: 'k1', isBound: true });
    }
    const { record: kept } = (await readItem<{ record: { user: string } }>(w.table, user)) ?? { record: { user: '' } };
    expect(await w.strict.open('personal', kept.user, user)).toEqual({ userName: 'ann' });
    expect(await readSealingMark(w.table)).toMatchObject({ kids: { credentials: 'k1', personal: 'k1' } });
    expect(await w.reseal()).toMatchObject({ isMarked: true, round: { resealed: 0 } });
  });

  test('moves everything to the newest key, after which the older one is needed by nothing', async () => {
    const w = world();
    const ids = Array.from({ length: 3 }, (_, index) => `i-${index}`);
    for (const instanceId of ids) {
      const access = await w.sealer.seal('credentials', instanceId, keys.instance('demo', instanceId));
      await opened(w.table, { instanceId, access });
    }
    w.rotate();
    expect(await w.reseal()).toMatchObject({ isMarked: true, round: { resealed: 3 } });
    w.forget();
    for (const instanceId of ids) {
      const key = keys.instance('demo', instanceId);
      expect(await w.strict.open('credentials', (await w.item(key)).access ?? '', key)).toBe(instanceId);
    }
    expect(await readSealingMark(w.table)).toMatchObject({ kids: { credentials: 'k2' } });
  });

  test('goes on where it was broken off, and looks again from the start before it sets the mark', async () => {
    const w = world();
    for (let index = 0; index < 250; index += 1) {
      const instanceId = `i-${String(index).padStart(3, '0')}`;
      await opened(w.table, {
        instanceId,
        access: await w.sealer.seal('credentials', 1, keys.instance('demo', instanceId)),
      });
    }
    w.rotate();
    await expect(w.reseal(1)).rejects.toThrow('broken off');
    w.time.now += 60_000;
    const done = await w.reseal();
    expect(done).toMatchObject({ isMarked: true, round: { resealed: 250, startedAt: NOW }, check: { resealed: 0 } });
    expect(done.check?.startedAt).toBe(NOW + 60_000);
  });

  test('names what no key opens, and what was sealed for another item; it sets no mark then', async () => {
    const w = world();
    const access = await w.sealer.seal('credentials', 'mine', keys.instance('demo', 'owner'));
    await opened(w.table, { instanceId: 'thief', access });
    await opened(w.table, {
      instanceId: 'fine',
      access: await w.sealer.seal('credentials', 1, keys.instance('demo', 'fine')),
    });
    const { isMarked, round } = await w.reseal();
    expect({ isMarked, unopened: round.unopened }).toEqual({
      isMarked: false,
      unopened: [keys.instance('demo', 'thief')],
    });
    expect(await readSealingMark(w.table)).toBeUndefined();
  });

  test('lets changes of the Kit pass that wait for the seller’s code, and sets no mark before they have', async () => {
    const w = world();
    const binding = { product: 'demo', tenantId: 't', instanceId: 'i' };
    const key = kitKeys.user(binding, 'a', 'ann');
    const user = sealedBefore('personal', 'k1', first?.publicKey ?? '', { userName: 'ann' });
    const sync = { kind: 'user', event: 'added', sentAt: 1, fingerprint: 'f', isTest: false } as const;
    await acceptSync(w.table, key, binding, { ...sync, record: { appId: 'a', user } }, NOW);
    expect(await w.reseal()).toMatchObject({ isMarked: false, round: { resealed: 1, waiting: 1 } });
    await updateIf(w.table, key, 'REMOVE #queue', { condition: 'attribute_exists(#queue)', values: {} });
    expect(await w.reseal()).toMatchObject({ isMarked: true });
  });
});

describe('a sealed value', () => {
  test('is not opened in another item than it was sealed for', async () => {
    const { sealer } = world();
    const [mine, other] = [keys.instance('demo', 'a'), keys.instance('demo', 'b')];
    const sealed = await sealer.seal('credentials', 'secret', mine);
    expect(await sealer.open('credentials', sealed, mine)).toBe('secret');
    await expect(sealer.open('credentials', sealed, other)).rejects.toThrow('sealed for another item');
    await expect(sealer.open('credentials', sealed, { ...mine, sk: 'OTHER' })).rejects.toThrow('another item');
  });

  test('of before, for no item, is opened until the installation has its mark', async () => {
    const w = world();
    const key = keys.instance('demo', 'a');
    const old = sealedBefore('credentials', 'k1', first?.publicKey ?? '', 'secret');
    expect(await w.strict.open('credentials', old, key)).toBe('secret');
    await w.reseal();
    w.time.now += 60_000;
    await expect(w.strict.open('credentials', old, key)).rejects.toThrow('for no item');
  });
});
