import { gzipSync } from 'node:zlib';
import { newSubject } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { codeOf, type Finding, found, remark } from '../../certify/finding.ts';
import type { Exchange, Wish } from '../../conversation.ts';
import { type Probe, probed } from '../probe.ts';

/* Everything that is no call, signed with the right key, so that it gets past the door. */

const NESTED = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

/** Bodies by name; `A` stands for an activity of the family, `M` for a member it cannot do without. */
const BODIES: Readonly<Record<string, string | Buffer>> = {
  empty: '',
  blank: '   ',
  'no-json': 'activity=A&M=1',
  cut: '{"activity":"A","M":"CS',
  null: 'null',
  number: '42',
  text: '"A"',
  list: '[{"activity":"A"}]',
  'empty-object': '{}',
  'single-quotes': "{'activity':'A'}",
  'trailing-comma': '{"activity":"A",}',
  comment: '{"activity":"A"/* */}',
  'two-objects': '{"activity":"A"}{"activity":"A"}',
  'byte-order-mark': '\ufeff{"activity":"A"}',
  'utf-16': Buffer.from('{"activity":"A"}', 'utf16le'),
  'invalid-utf-8': Buffer.concat([Buffer.from('{"activity":"A","M":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')]),
  'lone-surrogate': '{"activity":"A","M":"\\ud800"}',
  'null-byte': '{"activity":"A","M":"\\u0000"}',
  gzip: gzipSync('{"activity":"A"}'),
  'nested-lists': `{"activity":"A","M":${NESTED}}`,
  'nested-objects': `{"activity":"A","M":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
  'repeated-name': '{"activity":"A","M":"1","M":"2"}',
  'repeated-activity': '{"activity":"A","activity":"releaseInstance","M":"1"}',
  'activity-number': '{"activity":1}',
  'activity-null': '{"activity":null}',
  'activity-list': '{"activity":["A"]}',
  'activity-prototype': '{"activity":"__proto__"}',
  'activity-constructor': '{"activity":"constructor"}',
  'activity-tostring': '{"activity":"toString"}',
  'prototype-member': '{"activity":"A","__proto__":{"M":"1","testFlag":"0"}}',
  'member-number': '{"activity":"A","M":1}',
  'member-true': '{"activity":"A","M":true}',
  'member-list': '{"activity":"A","M":["1"]}',
  'member-object': '{"activity":"A","M":{"$gt":""}}',
  'member-null': '{"activity":"A","M":null}',
  'member-empty': '{"activity":"A","M":""}',
  'member-blank': '{"activity":"A","M":"  "}',
  'member-huge': `{"activity":"A","M":"${'x'.repeat(100_000)}"}`,
  'test-flag-odd': '{"activity":"A","testFlag":"maybe"}',
  'huge-number': '{"activity":"A","M":1e400}',
  'many-members': `{"activity":"A"${Array.from({ length: 20_000 }, (_, index) => `,"m${index}":1`).join('')}}`,
};

const malformedBodies: Probe = {
  id: 'malformed',
  needs: ['body'],
  run: async (world) => {
    const activity = world.repeatable;
    const [member = 'orderId'] = world.mandatoryOf(activity);
    const exchanges: Exchange[] = [];
    const findings: Finding[] = [];
    const others = world
      .mandatoryOf(activity)
      .slice(1)
      .map((name) => `,"${name}":"koogate-1"`);
    // The member does not matter to a server whose path says what is asked.
    const meant = Object.entries(BODIES).filter(
      ([name]) => world.family.path === undefined || !name.includes('activity'),
    );
    for (const [name, body] of meant) {
      const named = `"${activity}"${typeof body === 'string' && body.includes('"M"') ? others.join('') : ''}`;
      const filled = typeof body === 'string' ? body.replaceAll('"A"', named).replaceAll('"M"', `"${member}"`) : body;
      const exchange = await world.call(activity, { body: filled });
      exchanges.push(exchange);
      findings.push(...manners(name, exchange));
    }
    return probed(exchanges, findings);
  },
};

/** Odd, but a server may take them: nothing forbids such texts, and parsers agree on what they mean. */
const LENIENT = [
  'repeated-name',
  'lone-surrogate',
  'null-byte',
  'member-blank',
  'member-huge',
  'many-members',
  'byte-order-mark',
];

/** No malformed call may succeed, break the server, or bring its inside to light. */
function manners(name: string, exchange: Exchange): Finding[] {
  const { outcome, judgement } = exchange;
  if (outcome.kind === 'failure') return [found('chaos.malformed-broke', { name, what: outcome.reason })];
  if (outcome.status >= 500) return [found('chaos.malformed-broke', { name, what: `HTTP ${outcome.status}` })];
  if (judgement.checks.some(({ id }) => id === 'stack-trace')) return [found('chaos.malformed-leaked', { name })];
  if (succeeded(exchange))
    return [
      LENIENT.includes(name) ? remark('chaos.malformed-lenient', { name }) : found('chaos.malformed-taken', { name }),
    ];
  if (codeOf(exchange) === '000005') return [remark('chaos.malformed-internal', { name })];
  return [];
}

const oddQueries: Probe = {
  id: 'malformed-query',
  needs: [],
  run: async (world) => {
    const subject = newSubject({ test: true });
    const spoilers: readonly [string, (url: string) => string][] = [
      ['no-query', (url) => url.split('?')[0] ?? url],
      ['broken-percent', (url) => `${url}&x=%`],
      ['broken-utf-8', (url) => `${url}&x=%ff%fe`],
      ['long-query', (url) => `${url}&x=${'y'.repeat(6_000)}`],
      ['empty-names', (url) => `${url}&&=&=1`],
      ['signature-broken', (url) => url.replace(/(signature|authToken)=[^&]*/, '$1=%')],
      ['timestamp-text', (url) => url.replace(/(timestamp|timeStamp)=[^&]*/, '$1=now')],
      ['timestamp-exponent', (url) => url.replace(/(timestamp|timeStamp)=[^&]*/, '$1=1.7e12')],
    ];
    const exchanges: Exchange[] = [];
    const findings: Finding[] = [];
    for (const [name, spoil] of spoilers) {
      const wish: Wish = { subject, spoil: (call) => ({ ...call, url: spoil(call.url) }) };
      const exchange = await world.call(world.repeatable, wish);
      exchanges.push(exchange);
      // Parameters that are nobody's business may be let through.
      const harmless =
        ['broken-percent', 'broken-utf-8', 'long-query', 'empty-names'].includes(name) ||
        world.family.path !== undefined;
      findings.push(...(harmless && succeeded(exchange) ? [] : manners(name, exchange)));
    }
    return probed(exchanges, findings);
  },
};

const methods: Probe = {
  id: 'methods',
  needs: [],
  run: async (world) => {
    const exchanges: Exchange[] = [];
    for (const method of [
      'PUT',
      'DELETE',
      'PATCH',
      'HEAD',
      'OPTIONS',
      world.family.scheme === 'token' ? 'POST' : 'GET',
    ]) {
      exchanges.push(
        await world.call(world.repeatable, {
          subject: newSubject({ test: true }),
          spoil: (call) => ({ ...call, method }),
        }),
      );
    }
    const findings = exchanges.flatMap((exchange) => {
      const { outcome } = exchange;
      const name = exchange.call.method;
      // 501 says that the method is not implemented, which is a right answer to one that no call uses.
      if (outcome.kind === 'answer' && outcome.status >= 500 && outcome.status !== 501)
        return [found('chaos.malformed-broke', { name, what: `HTTP ${outcome.status}` })];
      return succeeded(exchange) ? [remark('chaos.method-taken', { name })] : [];
    });
    return probed(exchanges, findings);
  },
};

export const MALFORMED: readonly Probe[] = [malformedBodies, oddQueries, methods];
