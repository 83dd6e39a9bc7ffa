import { randomUUID } from 'node:crypto';
import { foreignKeys } from '../../../marketplace/calls/families.ts';
import type { PreparedCall } from '../../../marketplace/calls/prepare.ts';
import { newSubject } from '../../../marketplace/calls/subject.ts';
import { succeeded } from '../../certify/conduct/bench.ts';
import { type Finding, found } from '../../certify/finding.ts';
import type { Exchange, Wish } from '../../conversation.ts';
import { type Probe, type Probed, probed } from '../probe.ts';
import type { World } from '../world.ts';

/* Calls that must not be carried out: wrong key, wrong time, changed on the way. */

/** Sends calls that have to be refused, aimed at an active instance where there are any, and looks whether one did something. */
async function attempt(world: World, wishes: readonly Wish[], name: string): Promise<Probed> {
  const bought = world.hasInstances ? await world.buy() : undefined;
  if (world.hasInstances && bought === undefined) return probed([], [found('chaos.does-not-sell')]);
  const exchanges: Exchange[] = [];
  for (const wish of wishes) {
    exchanges.push(
      await (bought !== undefined && canFreeze(world)
        ? world.setStatus(bought.instanceId, 'FREEZE', wish)
        : world.call(world.repeatable, { subject: newSubject({ test: false }), ...wish })),
    );
  }
  const taken = exchanges.filter(succeeded).length;
  const findings: Finding[] = taken > 0 ? [found(name, { count: taken })] : [];
  const stored = bought === undefined ? undefined : await world.observed(bought.instanceId);
  if (stored !== undefined && stored !== 'nothing' && stored.state === 'FROZEN')
    findings.push(found('chaos.refused-but-done'));
  return probed(exchanges, findings);
}

function canFreeze({ family: { activities } }: World): boolean {
  return activities.updateInstanceStatus !== undefined || activities.instanceStatus !== undefined;
}

const keys: Probe = {
  id: 'wrong-key',
  needs: [],
  run: (world) => {
    const own = world.target.ring[world.family.keyClass] ?? [];
    const others = foreignKeys(world.family, world.target.ring);
    const near = (own[0] ?? '').toUpperCase() === own[0] ? [] : [(own[0] ?? '').toUpperCase()];
    return attempt(
      world,
      [randomUUID(), '', ...near, ...others].map((key) => ({ key })),
      'chaos.wrong-key-taken',
    );
  },
};

const clocks: Probe = {
  id: 'clocks',
  needs: ['stamps'],
  run: (world) => {
    const now = Date.now();
    const off = [-3_600_000, -120_000, -65_000, 65_000, 120_000, 3_600_000, 30 * 86_400_000].map((shift) => ({
      at: now + shift,
    }));
    return attempt(world, [...off, { at: Math.floor(now / 1000) - 3_600 }], 'chaos.wrong-time-taken');
  },
};

/** The digit that stands between nonce and timestamp can change sides without changing the signature. */
function shifted(call: PreparedCall): PreparedCall {
  const right = /timestamp=(\d)(\d+)&nonce=([0-9A-F]+)/.exec(call.url);
  if (right === null) return { ...call, headers: shiftedHeaders(call.headers) };
  return { ...call, url: call.url.replace(right[0], `timestamp=${right[2]}&nonce=${right[3]}${right[1]}`) };
}

function shiftedHeaders(headers: PreparedCall['headers']): PreparedCall['headers'] {
  const timestamp = headers['x-timestamp'] ?? '';
  return { ...headers, 'x-timestamp': timestamp.slice(1), 'x-nonce': `${headers['x-nonce']}${timestamp.slice(0, 1)}` };
}

/** The other way round: a nonce that ends in a digit lends it to the timestamp. */
function borrowed(call: PreparedCall): PreparedCall {
  const { 'x-nonce': nonce, 'x-timestamp': timestamp } = call.headers;
  if (nonce !== undefined && timestamp !== undefined) {
    return {
      ...call,
      headers: { ...call.headers, 'x-nonce': nonce.slice(0, -1), 'x-timestamp': nonce.slice(-1) + timestamp },
    };
  }
  const url = call.url.replace(/timestamp=(\d+)&nonce=([0-9A-F]*)(\d)(?=&|$)/, 'timestamp=$3$1&nonce=$2');
  return { ...call, url };
}

const tampering: Probe = {
  id: 'tampering',
  needs: [],
  run: (world) => {
    const bytes = [0.25, 0.5, 0.75].map(
      (part): Wish => ({
        spoil: (call) => ({
          ...call,
          ...(call.body
            ? { body: flipped(call.body, part) }
            : { url: call.url.replace(/(orderId|license|instanceId)=(.)/, '$1=$2x') }),
        }),
      }),
    );
    const stamped: Wish[] = world.hasStamps
      ? [
          { spoil: shifted },
          { spoil: borrowed, nonce: `${randomUUID().replaceAll('-', '').toUpperCase()}7` },
          {
            spoil: (call) => ({
              ...call,
              url: call.url.replace(/nonce=./, 'nonce=x'),
              headers: { ...call.headers, ...(call.headers['x-nonce'] && { 'x-nonce': 'x' }) },
            }),
          },
          {
            spoil: (call) => ({
              ...call,
              url: call.url.replace(/signature=[0-9A-F]{8}/, 'signature='),
              headers: { ...call.headers, ...(call.headers['x-sign'] && { 'x-sign': 'AB' }) },
            }),
          },
          { spoil: (call) => ({ ...call, body: Buffer.concat([call.body ?? Buffer.alloc(0), Buffer.from(' ,')]) }) },
        ]
      : [];
    return attempt(world, [...bytes, ...stamped], 'chaos.tampered-taken');
  },
};

function flipped(body: Buffer, part: number): Buffer {
  const copy = Buffer.from(body);
  const at = Math.floor(copy.length * part);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const doubled: Probe = {
  id: 'doubled-parameters',
  needs: ['stamps'],
  run: async (world) => {
    if (world.family.scheme !== 'query') return { did: {}, findings: [] };
    const stale = String(Date.now() - 3_600_000);
    return attempt(
      world,
      [
        // The signature covers the stale time; a fresh one stands beside it.
        { at: Number(stale), spoil: (call) => ({ ...call, url: `${call.url}&timestamp=${Date.now()}` }) },
        { at: Number(stale), spoil: (call) => ({ ...call, url: call.url.replace('?', `?timestamp=${Date.now()}&`) }) },
      ],
      'chaos.wrong-time-taken',
    );
  },
};

export const FORGERIES: readonly Probe[] = [keys, clocks, tampering, doubled];
