import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBody } from '../../lib/protocol/json.ts';
import { ACTIVITIES, type ActivityName, isActivity, isTestCall, parseMessage } from '../../lib/protocol/messages.ts';
import { refused } from '../support/refused.ts';

const order = { orderId: 'CS2509010930EXAMP', orderLineId: 'CS2509010930EXAMP-000001' };
const instanceId = '5b0e6a52-3c1f-4f0d-9a37-2d8f5f7a1c10';

/** A body of each activity as it comes, and what it says. */
const examples: { [A in ActivityName]: { body: Record<string, unknown>; says: Record<string, unknown> } } = {
  newInstance: {
    body: { ...order, businessId: 'b', productId: 'p' },
    says: { ...order, businessId: 'b', productId: 'p' },
  },
  queryInstance: { body: { instanceId }, says: { instanceIds: [instanceId] } },
  refreshInstance: {
    body: { ...order, instanceId, scene: 'RENEWAL', expireTime: '20261001155959', productId: 'p' },
    says: { ...order, instanceId, scene: 'RENEWAL', expiresAt: Date.UTC(2026, 9, 1, 15, 59, 59), productId: 'p' },
  },
  updateInstanceStatus: { body: { instanceId, status: 'FREEZE' }, says: { instanceId, status: 'FREEZE' } },
  releaseInstance: { body: { instanceId, ...order }, says: { instanceId, ...order } },
  upgradeInstance: { body: { instanceId, ...order }, says: { instanceId, ...order } },
  changeInstanceCheck: {
    body: { instanceId, productInfo: { linearValue: 20, productId: 'p', productName: '演示', skuCode: 's' } },
    says: { instanceId, target: { linearValue: 20, productId: 'p', productName: '演示', skuCode: 's' } },
  },
  orderNotify: { body: order, says: order },
  applyApikey: {
    body: { chargingMode: 'ON_DEMAND', customerId: 'c0ffee00', customerName: 'demo' },
    says: { chargingMode: 'ON_DEMAND', customerId: 'c0ffee00', customerName: 'demo' },
  },
};
const activities = Object.keys(examples).filter(isActivity);

/** Members without which a call means nothing. */
const mandatory = (activity: ActivityName) =>
  Object.keys(examples[activity].body).filter(
    (member) =>
      !['businessId', 'productId', 'customerName'].includes(member) &&
      !(activity === 'releaseInstance' && member in order),
  );

describe.each(activities)('%s', (activity) => {
  const { body, says } = examples[activity];

  test('is read, its unknown members ignored', () => {
    expect(parseMessage(activity, { activity, ...body })).toEqual({ activity, testFlag: false, ...says });
    const extended = { ...body, activity, buyerInfo: { customerId: '1' }, constructor: 1, testFlag: '1' };
    expect(parseMessage(activity, extended)).toEqual({ activity, testFlag: true, ...says });
  });

  test.each(mandatory(activity))('needs its %s', (member) => {
    const { [member]: _, ...without } = body;
    for (const lacking of [without, { ...body, [member]: null }, { ...body, [member]: '' }]) {
      expect(refused(() => parseMessage(activity, lacking))).toMatchObject({
        resultCode: '000002',
        message: `${member} is missing`,
      });
    }
    for (const wrong of [7, true, [], ['a'], '   ']) {
      const refusal = refused(() => parseMessage(activity, { ...body, [member]: wrong }));
      expect(refusal.resultCode).toBe('000002');
      expect(refusal.message).toMatch(new RegExp(`^${member} must `));
    }
  });

  test('takes an absent, null or empty text for an optional member alike', () => {
    for (const member of Object.keys(body).filter((name) => !mandatory(activity).includes(name))) {
      const { [member]: _, ...without } = body;
      const wanted = parseMessage(activity, without);
      expect(wanted).not.toHaveProperty(member);
      for (const nothing of [null, '']) {
        expect(parseMessage(activity, { ...body, [member]: nothing })).toEqual(wanted);
      }
      expect(refused(() => parseMessage(activity, { ...body, [member]: 7 })).message).toBe(`${member} must be a text`);
    }
  });

  test('takes no member from the prototype of its body', () => {
    const hostile = parseBody(`{"__proto__":${JSON.stringify(body)}}`);
    expect(refused(() => parseMessage(activity, hostile)).message).toMatch(/ is missing$/);
  });

  test('answers any body with a message or a refusal that names a member', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(body)));
    const bodies = fc.dictionary(fc.constantFrom(...Object.keys(body), 'testFlag', '__proto__', 'x'), value);
    fc.assert(
      fc.property(bodies, (any) => {
        try {
          expect(parseMessage(activity, any).activity).toBe(activity);
        } catch (error) {
          const { resultCode, message } = refused(() => {
            throw error;
          });
          expect(resultCode).toBe('000002');
          expect([...Object.keys(body), 'testFlag']).toContain(message.split(/[ .]/)[0]);
        }
      }),
    );
  });
});

describe('ids', () => {
  const read = (orderId: string) => parseMessage('newInstance', { ...order, orderId }).orderId;

  test.each(['a#b', ' a b ', '订单', '😀', 'x'.repeat(256), '__proto__'])('may be %j, and stay as they are', (id) => {
    expect(read(id)).toBe(id);
  });

  test.each(['x'.repeat(257), ' \t\n', '\u3000', 'a\ud800', '\udc00b'])('may not be %j', (id) => {
    expect(refused(() => read(id)).message).toBe('orderId must be a text of 1 to 256 characters');
  });
});

describe('the ids of queryInstance', () => {
  const read = (text: string) => parseMessage('queryInstance', { instanceId: text }).instanceIds;

  test('are trimmed, each once, in the order given', () => {
    expect(read(' b, a ,b,,a,c ,')).toEqual(['b', 'a', 'c']);
  });

  test('are at most 100, not counting repeats', () => {
    const ids = Array.from({ length: 100 }, (_, i) => `id-${i}`);
    expect(read([...ids, ...ids].join())).toEqual(ids);
    expect(refused(() => read([...ids, 'more'].join())).message).toBe(
      'instanceId must hold 1 to 100 ids, joined by commas',
    );
  });

  test.each([',', ' , ,'])('are at least one: %j', (text) => {
    expect(refused(() => read(text)).message).toBe('instanceId must hold 1 to 100 ids, joined by commas');
  });

  test('are as long as any id', () => {
    expect(read(`a,${'x'.repeat(256)}`)).toHaveLength(2);
    expect(refused(() => read(`a,${'x'.repeat(257)}`)).message).toBe(
      'instanceId must hold ids of at most 256 characters',
    );
  });

  test('come back whatever blanks and repeats were put between them', () => {
    const id = fc.string({ unit: fc.constantFrom(...'abc-#é😀'), minLength: 1, maxLength: 4 });
    const noisy = fc.tuple(id, fc.constantFrom('', ' ', '\t '), fc.constantFrom('', ' ', ' ,'));
    fc.assert(
      fc.property(fc.array(noisy, { minLength: 1, maxLength: 90 }), (parts) => {
        const text = parts.map(([own, before, after]) => before + own + after).join(',');
        expect(read(text)).toEqual([...new Set(parts.map(([own]) => own))]);
      }),
    );
  });
});

describe('refreshInstance', () => {
  const { body } = examples.refreshInstance;

  test.each(['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'])(
    'knows the scene %s',
    (scene) => {
      expect(parseMessage('refreshInstance', { ...body, scene }).scene).toBe(scene);
    },
  );

  test('refuses another scene, or the same in small letters', () => {
    for (const scene of ['NEW', 'renewal', 'RENEWAL ']) {
      expect(refused(() => parseMessage('refreshInstance', { ...body, scene })).message).toMatch(/^scene must be /);
    }
  });

  test('reads its time with milliseconds too, and no time that is none', () => {
    const expireTime = '20261001155959999';
    expect(parseMessage('refreshInstance', { ...body, expireTime }).expiresAt).toBe(
      Date.UTC(2026, 9, 1, 15, 59, 59, 999),
    );
    for (const wrong of ['20260230000000', '2026-10-01', 'never']) {
      expect(refused(() => parseMessage('refreshInstance', { ...body, expireTime: wrong })).message).toBe(
        'expireTime must be a UTC time of the form yyyyMMddHHmmss or yyyyMMddHHmmssSSS',
      );
    }
  });
});

test('updateInstanceStatus knows FREEZE and UNFREEZE alone', () => {
  const read = (status: string) => parseMessage('updateInstanceStatus', { instanceId, status }).status;
  expect([read('FREEZE'), read('UNFREEZE')]).toEqual(['FREEZE', 'UNFREEZE']);
  for (const status of ['NORMAL', 'freeze', 'RELEASE']) {
    expect(refused(() => read(status)).message).toBe('status must be FREEZE or UNFREEZE');
  }
});

describe('the target of changeInstanceCheck', () => {
  const read = (productInfo: unknown) => parseMessage('changeInstanceCheck', { instanceId, productInfo }).target;

  test('may be an object or its JSON text, with any of its members', () => {
    for (const target of [{}, { skuCode: 's' }, { linearValue: 1.5, productId: 'p' }]) {
      expect(read(target)).toEqual(target);
      expect(read(` ${JSON.stringify(target)}\n`)).toEqual(target);
    }
    expect(read({ linearValue: '20', skuCode: null, productName: '', periodType: 'year' })).toEqual({
      linearValue: 20,
    });
    expect(read({ linearValue: '12.25' })).toEqual({ linearValue: 12.25 });
  });

  test.each([
    '{',
    '{"\\x":1}',
    '[]',
    'null',
    '7',
    '"{}"',
    'demo',
    '{"a":1,"a":2}',
    `{"a":${'['.repeat(9)}${']'.repeat(9)}}`,
  ])('may not be the text %s', (text) =>
    expect(refused(() => read(text)).message).toBe('productInfo must be a JSON object'),
  );

  test.each([
    [{ linearValue: [] }, 'productInfo.linearValue must be a number'],
    [{ linearValue: '1e3' }, 'productInfo.linearValue must be a number'],
    [JSON.parse('{"linearValue":1e999}'), 'productInfo.linearValue must be a number'],
    [{ skuCode: 7 }, 'productInfo.skuCode must be a text'],
    [{ productName: {} }, 'productInfo.productName must be a text'],
    [{ productId: 'x'.repeat(257) }, 'productInfo.productId must be a text of 1 to 256 characters'],
  ])('may not hold %j', (target, message) => {
    expect(refused(() => read(target))).toMatchObject({ resultCode: '000002', message });
  });
});

describe('testFlag', () => {
  test.each(['1', 1])('%j marks a debugging call', (testFlag) => expect(isTestCall({ testFlag })).toBe(true));

  test.each(['0', 0, '', null, undefined])('%j marks a real call', (testFlag) => {
    expect(isTestCall({ testFlag })).toBe(false);
    expect(isTestCall({})).toBe(false);
  });

  test.each(['2', 2, 'true', true, false, '01', ' 1', [], ['1'], {}, 1.5])('%j is refused', (testFlag) => {
    const refusal = { resultCode: '000002', message: 'testFlag must be "0" or "1"' };
    expect(refused(() => isTestCall({ testFlag }))).toMatchObject(refusal);
    expect(refused(() => parseMessage('newInstance', { ...order, testFlag }))).toMatchObject(refusal);
  });
});

describe('the table of activities', () => {
  test('knows nine, one of them signed with the general key', () => {
    expect(activities).toHaveLength(9);
    expect(activities.filter((name) => ACTIVITIES[name].keyClass === 'general')).toEqual(['orderNotify']);
  });

  test.each([
    'expireInstance',
    'NewInstance',
    'toString',
    '__proto__',
    'constructor',
    '',
    undefined,
    null,
    1,
    ['newInstance'],
  ])('does not know %j', (name) => expect(isActivity(name)).toBe(false));
});
