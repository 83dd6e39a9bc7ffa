import { randomUUID } from 'node:crypto';
import { presets } from '../../../marketplace/calls/presets.ts';
import { draftCall } from '../../conversation.ts';
import { accepted, type Bench, type Conduct, refused } from './bench.ts';

/* V1.0: a token in the query, values that need decoding exactly once. */

/** A moment at which the call's token holds a plus and a slash, so that a careless decoder shows. */
function momentWithPlus(bench: Bench): number {
  const now = Date.now();
  for (let offset = 0; offset < 2_000; offset += 1) {
    const { call } = draftCall(bench.target, bench.family, bench.activity, wishAt(now - offset));
    const token = /authToken=([^&]*)/.exec(call.url)?.[1] ?? '';
    if (token.includes('%2B') && token.includes('%2F')) return now - offset;
  }
  return now;

  function wishAt(at: number) {
    return { at, subject: { ...presets(bench.family, true), businessId: 'b-1', seal: () => 'AAAA' } };
  }
}

export const TOKEN_CONDUCT: readonly Conduct[] = [
  { id: 'wrong-key', ask: (bench) => refused(bench, 'finding.wrong-key-accepted', ['000001'], { key: randomUUID() }) },
  {
    id: 'tampered-value',
    ask: (bench) =>
      refused(bench, 'finding.tampered-accepted', ['000001'], {
        spoil: (call) => ({ ...call, url: call.url.replace(/orderId=[^&]*/, 'orderId=CS0') }),
      }),
  },
  {
    id: 'no-token',
    ask: (bench) =>
      refused(bench, 'finding.unsigned-accepted', ['000001', '000002'], {
        spoil: (call) => ({ ...call, url: call.url.replace(/authToken=[^&]*&?/, '') }),
      }),
  },
  {
    id: 'plus-in-token',
    ask: (bench) =>
      accepted(bench, 'finding.plus-refused', {
        at: momentWithPlus(bench),
        subject: { businessId: 'b-1', seal: () => 'AAAA' },
      }),
  },
  {
    id: 'plus-in-value',
    ask: (bench) =>
      accepted(bench, 'finding.plus-refused', { members: { saasExtendParams: 'W3siYSI6Ij4+PyJ9XQ+/==' } }),
  },
  {
    id: 'blank-in-value',
    ask: (bench) => accepted(bench, 'finding.blank-refused', { members: { customerName: '演示 a & b = c%20' } }),
  },
  { id: 'empty-value', ask: (bench) => accepted(bench, 'finding.empty-value-refused', { members: { remark: '' } }) },
  { id: 'capital-name', ask: (bench) => accepted(bench, 'finding.sort-refused', { members: { Zone: 'x', a0: 'y' } }) },
  {
    id: 'unknown-activity',
    ask: (bench) =>
      refused(bench, 'finding.unknown-activity-accepted', ['000002'], { members: { activity: 'noSuchActivity' } }),
  },
  {
    id: 'missing-member',
    ask: (bench) => refused(bench, 'finding.malformed-accepted', ['000002'], { members: { orderId: undefined } }),
  },
];
