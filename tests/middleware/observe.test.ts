import { expect, test } from '@jest/globals';
import type { Observation } from '../../lib/alarms/observations.ts';
import type { Log } from '../../lib/log.ts';
import { observe } from '../../lib/middleware/observe.ts';
import { OutsideProtocol, type RouteRequest, type RouteState } from '../../lib/middleware/route.ts';
import { Refusal, WrongSignature } from '../../lib/protocol/refusal.ts';
import { routeEvent } from '../support/route.ts';
import { recordingLog, routeRequest } from './support.ts';

const NOW = 1_700_000_000_000;
const call = {
  product: 'demo',
  family: 'saas-v2',
  keyClass: 'base',
  accessKey: 'very-secret',
  activity: 'newInstance',
  isTest: false,
  sentAt: NOW - 250,
  nonce: 'n',
  body: {},
} as const;

function observed(internal: RouteState, error?: Error) {
  const metrics: Parameters<Log['metric']>[] = [];
  const log = { ...recordingLog(), metric: (...metric: Parameters<Log['metric']>) => void metrics.push(metric) };
  const { before, after, onError } = observe({ log, clock: () => NOW });
  const request = routeRequest({
    event: routeEvent('key', {}, { now: NOW - 40 }),
    internal,
    ...(error === undefined ? {} : { error }),
    response: { statusCode: 200, body: '{}' },
  });
  before?.(request);
  (error === undefined ? after : onError)?.(request);
  return { log, metrics, request };
}

test('writes one line a call with ids, outcome, duration since the gateway and the clock offset', () => {
  const { log } = observed({ productId: 'demo', call, resultCode: '000000' });
  expect(log.entries).toEqual([
    {
      level: 'info',
      message: 'call',
      fields: {
        requestId: 'request-1',
        product: 'demo',
        activity: 'newInstance',
        isTest: false,
        status: 200,
        resultCode: '000000',
        reason: undefined,
        milliseconds: 40,
        clockOffset: 210,
      },
    },
  ]);
});

test('of a call that failed before it was looked at, and got no answer of ours, it leaves out what nobody knows', () => {
  const log = recordingLog();
  const { onError } = observe({ log, clock: () => NOW });
  onError?.(routeRequest({ internal: { call, resultCode: '000005' }, error: new Error('why') }));
  onError?.(routeRequest({ response: { resultCode: '000005', resultMsg: '' } }));
  const [line, , unsigned] = log.entries.map(({ fields }) => fields);
  expect(line).toMatchObject({ reason: 'why', resultCode: '000005' });
  for (const name of ['milliseconds', 'clockOffset', 'status']) expect(line).toHaveProperty(name, undefined);
  expect(unsigned).toHaveProperty('status', undefined);
});

test('the key that verified never reaches the log', () => {
  expect(JSON.stringify(observed({ call, resultCode: '000000' }).log.entries)).not.toContain('very-secret');
});

test.each([
  ['000001', false, [['RefusedSignature', 1, 'Count', { product: 'demo' }]]],
  ['000005', false, [['InternalError', 1, 'Count', { product: 'demo' }]]],
  ['000003', false, []],
  ['000003', true, [['FailedDialTest', 1, 'Count', { product: 'demo', activity: 'newInstance' }]]],
  ['000000', true, []],
] as const)('an answer %s (test call: %s) rings %j', (resultCode, isTest, rung) => {
  const { metrics } = observed({ productId: 'demo', call: { ...call, isTest }, resultCode }, new Error('why'));
  expect(metrics).toEqual(rung);
});

test.each([
  ['from the future', 'not believed', NOW + 1, NOW],
  ['of 30 s ago', 'not believed', NOW - 30_000, NOW],
  ['of a little less', 'believed', NOW - 29_999, NOW - 29_999],
])('a gateway time stamp %s is %s', (_, _verdict, timeEpoch, receivedAt) => {
  const { before } = observe({ log: recordingLog(), clock: () => NOW });
  const request = routeRequest({ event: routeEvent('key', {}, { now: timeEpoch }) });
  before?.(request);
  expect(request.internal.receivedAt).toBe(receivedAt);
});

test('an event that no gateway made, and that came without a context, is timed by our clock and logged', () => {
  const log = recordingLog();
  const { before, onError } = observe({ log, clock: () => NOW });
  const made: object = { ...routeRequest(), event: {}, context: undefined };
  const request = made as RouteRequest;
  before?.(request);
  onError?.(request);
  expect(log.entries).toMatchObject([{ message: 'call', fields: { milliseconds: 0 } }]);
});

const proof = { keyClass: 'base', key: 'older', activity: 'newInstance', body: {}, sentAt: NOW, nonce: 'n' } as const;
const secrets = { accessKeys: { base: ['newest', 'older'] } };
const keyPrint = 'da925a30e31f'; // of `older`
const proven = { isTest: false, resultCode: '000002', key: `base_1_${keyPrint}`, milliseconds: 40 };

test.each<[string, RouteState, Error | undefined, Observation | undefined]>([
  ['of no product', {}, new OutsideProtocol(404, 'x'), undefined],
  ['without keys', { productId: 'demo' }, new OutsideProtocol(503, 'x'), { product: 'demo', unproven: 'keys-gone' }],
  ['to a wrong path', { productId: 'demo' }, new OutsideProtocol(404, 'x'), { product: 'demo', unproven: 'other' }],
  ['with another key', { productId: 'demo' }, new WrongSignature('x'), { product: 'demo', unproven: 'wrong-key' }],
  ['out of time', { productId: 'demo' }, new Refusal('000002', 'x'), { product: 'demo', unproven: 'other' }],
  [
    'that is proven and unknown',
    { productId: 'demo', proof, secrets, resultCode: '000002' },
    new Refusal('000002', 'x'),
    { product: 'demo', proven },
  ],
  [
    'that is a test and unknown',
    { productId: 'demo', proof: { ...proof, body: { testFlag: 1 } }, secrets, resultCode: '000002' },
    new Refusal('000002', 'x'),
    { product: 'demo', proven: { ...proven, isTest: true } },
  ],
  [
    'that is answered',
    { productId: 'demo', proof, call, resultCode: '000000' },
    undefined,
    { product: 'demo', proven: { ...proven, resultCode: '000000', key: `base_0_${keyPrint}` } },
  ],
  [
    'of the doctor, a test,',
    { productId: 'demo', proof, call: { ...call, isTest: true, body: { koogateDoctor: '1' } }, resultCode: '000000' },
    undefined,
    undefined,
  ],
  [
    'that is real, whatever it says of itself,',
    { productId: 'demo', proof, call: { ...call, body: { koogateDoctor: '1' } }, resultCode: '000000' },
    undefined,
    { product: 'demo', proven: { ...proven, resultCode: '000000', key: `base_0_${keyPrint}` } },
  ],
])('a call %s is counted as that', async (_, internal, error, counted) => {
  const seen: Observation[] = [];
  const steps: string[] = [];
  const observations = {
    count: (observation: Observation) => void seen.push(observation),
    begin: () => void steps.push('begin'),
    settle: async () => void steps.push('settle'),
  };
  const { before, onError } = observe({ log: recordingLog(), clock: () => NOW, observations });
  const event = routeEvent('key', {}, { now: NOW - 40 });
  const request = routeRequest({ event, internal, ...(error === undefined ? {} : { error }) });
  before?.(request);
  await onError?.(request);
  expect(seen).toEqual(counted === undefined ? [] : [counted]);
  expect(steps).toEqual(counted === undefined ? ['begin'] : ['begin', 'begin', 'settle']);
});

test('a call that came without a time took none', async () => {
  const seen: Observation[] = [];
  const observations = { count: (one: Observation) => void seen.push(one), begin: () => {}, settle: async () => {} };
  const { onError } = observe({ log: recordingLog(), clock: () => NOW, observations });
  await onError?.(routeRequest({ internal: { productId: 'demo', proof } }));
  expect(seen).toEqual([
    { product: 'demo', proven: { ...proven, resultCode: '', key: `base_0_${keyPrint}`, milliseconds: 0 } },
  ]);
});
