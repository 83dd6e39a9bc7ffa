import { activityOf } from '../../../marketplace/calls/families.ts';
import { prepareCall } from '../../../marketplace/calls/prepare.ts';
import { presets } from '../../../marketplace/calls/presets.ts';
import { canonicalText } from '../../../marketplace/protocol/json-text.ts';
import { draftCall } from '../../conversation.ts';
import { found, remark } from '../finding.ts';
import { accepted, type Bench, type Conduct, refusalFindings, refused, send, succeeded } from './bench.ts';

/* Bodies in other forms than the compact one of the examples: all are JSON, all are signed over the bytes sent. */

/** The debugging call's members in reverse order, with blanks and a null; `more` is written as it stands. */
function looseBody(bench: Bench, more = ''): string {
  const { members } = draftCall(bench.target, bench.family, bench.activity, { subject: presets(bench.family, true) });
  const pairs = Object.entries(members)
    .reverse()
    .map(([name, value]) => ` "${name}" : ${JSON.stringify(value)}`);
  return `{ "remark": null,${pairs.join(' ,')}${more} }\n`;
}

/** A number and escapes that hardly any serialiser writes again as they were. */
const TRAPS = ' , "zz": 1.50, "aa": [ {"b":1,"a":"\\u6f14/示"} ]';

const loose: Conduct = {
  id: 'loose-body',
  ask: async (bench) => {
    const raw = await send(bench, { body: looseBody(bench, TRAPS) });
    const body = looseBody(bench);
    const overCanonical = await send(bench, {
      body,
      spoil: (call) => ({ ...call, ...signedOver(bench, canonicalText(body) ?? body), body: Buffer.from(body) }),
    });
    if (succeeded(raw)) {
      return {
        exchanges: [raw, overCanonical],
        findings: succeeded(overCanonical) ? [] : [remark('finding.canonical-refused')],
      };
    }
    return {
      exchanges: [raw, overCanonical],
      findings: [found(succeeded(overCanonical) ? 'finding.body-reencoded' : 'finding.raw-body-refused')],
    };
  },
};

/** Address and headers of a call whose signature covers `body`. */
function signedOver(bench: Bench, body: string) {
  const { url, headers } = prepareCall({
    family: bench.family,
    activity: bench.activity,
    members: {},
    at: bench.target.at,
    key: bench.target.ring[bench.family.keyClass]?.[0] ?? '',
    now: Date.now(),
    body,
  });
  return { url, headers };
}

/** Signed by the right key, but no body that means something. */
const malformed = (id: string, body: string | Buffer): Conduct => ({
  id,
  ask: (bench) => refused(bench, 'finding.malformed-accepted', ['000002', '000001'], { body }),
});

const missingMember: Conduct = {
  id: 'missing-member',
  ask: async (bench) => {
    const exchanges = [];
    const findings = [];
    for (const [activity, { mandatory }] of Object.entries(bench.family.activities)) {
      const [name] = mandatory;
      if (name === undefined || (activity === 'applicationSync' && bench.target.publicKey === undefined)) continue;
      const exchange = await send(bench, { members: { [name]: undefined }, expected: ['000002'] }, activity);
      exchanges.push(exchange);
      const said = succeeded(exchange)
        ? [remark('finding.missing-accepted', { activity, name })]
        : refusalFindings(bench, exchange, ['000002']);
      findings.push(...said);
    }
    return { exchanges, findings };
  },
};

const longValue: Conduct = {
  id: 'long-value',
  ask: (bench) => {
    const [name = 'orderId'] = activityOf(bench.family, bench.activity).mandatory;
    return accepted(bench, 'finding.long-value-refused', { members: { [name]: 'x'.repeat(80) } }, 'warn');
  },
};

export const BODY_CONDUCT: readonly Conduct[] = [
  loose,
  {
    id: 'chinese',
    ask: (bench) => accepted(bench, 'finding.utf-8-refused', { members: { remark: '演示商品 “价格” €' } }),
  },
  {
    id: 'unknown-member',
    ask: (bench) => accepted(bench, 'finding.unknown-member-refused', { members: { newMember2027: { a: [1] } } }),
  },
  longValue,
  malformed('not-json', 'activity=newInstance'),
  malformed('cut-json', '{"activity":"newInstance","orderId":"CS'),
  malformed('empty-body', ''),
  malformed('array-body', '[{"activity":"newInstance"}]'),
  malformed('invalid-utf-8', Buffer.from('7b226163746976697479223a22ff226e6577227d', 'hex')),
  missingMember,
];

/** A call whose activity is not known names no class of keys either, so a server may find no key for it. */
const UNKNOWN = ['000002', '000001'];

/** Only where the body says what is asked. */
export const ACTIVITY_CONDUCT: readonly Conduct[] = [
  {
    id: 'unknown-activity',
    ask: (bench) =>
      refused(bench, 'finding.unknown-activity-accepted', UNKNOWN, { members: { activity: 'noSuchActivity' } }),
  },
  {
    id: 'no-activity',
    ask: (bench) => refused(bench, 'finding.unknown-activity-accepted', UNKNOWN, { members: { activity: undefined } }),
  },
  {
    id: 'activity-type',
    ask: (bench) =>
      refused(bench, 'finding.unknown-activity-accepted', UNKNOWN, { members: { activity: { toString: 1 } } }),
  },
  {
    id: 'test-flag-number',
    ask: (bench) => accepted(bench, 'finding.test-flag-number', { members: { testFlag: 1 } }, 'warn'),
  },
];
