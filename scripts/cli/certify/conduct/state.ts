import { randomUUID } from 'node:crypto';
import type { FamilyName } from '../../../marketplace/calls/family.ts';
import { codeOf, found, remark } from '../finding.ts';
import type { Conduct } from './bench.ts';
import { send, succeeded } from './bench.ts';

/*
 * Debugging calls leave nothing behind; real calls about instances that nobody bought are told so. The real calls name
 * instances that exist nowhere, so that a right server has nothing to change.
 */

const leavesNothing: Conduct = {
  id: 'leaves-nothing',
  ask: async (bench) => {
    const created = await send(bench, { subject: { businessId: randomUUID() } }, 'newInstance');
    const instanceId = created.judgement.members?.instanceId;
    if (typeof instanceId !== 'string' || bench.family.activities.queryInstance === undefined)
      return { exchanges: [created], findings: [] };
    const asked = await send(bench, { subject: { test: false, instanceId } }, 'queryInstance');
    const info = asked.judgement.members?.info;
    const there =
      succeeded(asked) &&
      Array.isArray(info) &&
      info.some((entry) => Object(entry).instanceId === instanceId && Object(entry).appInfo);
    return { exchanges: [created, asked], findings: there ? [found('finding.test-left-traces')] : [] };
  },
};

const unknownInstance: Conduct = {
  id: 'unknown-instance',
  ask: async (bench) => {
    const subject = { test: false, instanceId: `koogate-unknown-${randomUUID().slice(0, 8)}` };
    const exchange = await send(bench, { subject, expected: ['000003'] }, 'queryInstance');
    const info = exchange.judgement.members?.info;
    const empty = succeeded(exchange) && (!Array.isArray(info) || info.length === 0);
    if (codeOf(exchange) === '000003') return { exchanges: [exchange], findings: [] };
    if (!succeeded(exchange))
      return {
        exchanges: [exchange],
        findings: [remark('finding.refusal-code', { code: codeOf(exchange), expected: '000003' })],
      };
    return {
      exchanges: [exchange],
      findings: [empty ? remark('finding.unknown-instance-empty') : found('finding.unknown-instance-given')],
    };
  },
};

/** A debugging release must not stand in the way of the debugging calls that come after it, in any order. */
const afterTestRelease: Conduct = {
  id: 'after-test-release',
  ask: async (bench) => {
    const subject = { businessId: randomUUID() };
    const first = await send(bench, { subject }, 'newInstance');
    const instanceId = first.judgement.members?.instanceId;
    if (!succeeded(first) || typeof instanceId !== 'string') return { exchanges: [first], findings: [] };
    const released = await send(bench, { subject: { instanceId } }, 'releaseInstance');
    const again = await send(bench, { subject }, 'newInstance');
    const same = succeeded(again) && again.judgement.members?.instanceId === instanceId;
    return {
      exchanges: [first, released, again],
      findings: same ? [] : [found('finding.test-release-kept', { code: codeOf(again) })],
    };
  },
};

const afterTestCodeRelease: Conduct = {
  id: 'after-test-release',
  ask: async (bench) => {
    const subject = { license: `LIC-${randomUUID().slice(0, 8)}` };
    const released = await send(bench, { subject }, 'releaseLicenseCode');
    const after = await send(bench, { subject }, 'updateLicenseCodeStatus');
    return {
      exchanges: [released, after],
      findings: succeeded(after) ? [] : [found('finding.test-release-kept', { code: codeOf(after) })],
    };
  },
};

/** A change of an instance that nobody bought; no server can carry it out. */
const unknownChange: Conduct = {
  id: 'unknown-change',
  ask: async (bench) => {
    const activity = bench.family.activities.updateInstanceStatus ? 'updateInstanceStatus' : 'expireInstance';
    const subject = { test: false, instanceId: `koogate-unknown-${randomUUID().slice(0, 8)}` };
    const exchange = await send(bench, { subject, expected: ['000003', '000002'] }, activity);
    if (succeeded(exchange))
      return { exchanges: [exchange], findings: [found('finding.unknown-change-taken', { activity })] };
    const code = codeOf(exchange);
    const fits = code === '000003' || code === '000002';
    return {
      exchanges: [exchange],
      findings: fits ? [] : [remark('finding.refusal-code', { code, expected: '000003' })],
    };
  },
};

/** One query may name several instances, joined by commas; each gets an entry of its own. */
const severalIds: Conduct = {
  id: 'several-ids',
  ask: async (bench) => {
    const ids = ['a', 'b', 'c'].map((letter) => `koogate-${letter}-${randomUUID().slice(0, 8)}`);
    const exchange = await send(bench, { subject: { instanceId: ids.join(',') } }, 'queryInstance');
    if (!succeeded(exchange))
      return { exchanges: [exchange], findings: [found('finding.several-refused', { code: codeOf(exchange) })] };
    const info = exchange.judgement.members?.info;
    const given = Array.isArray(info) ? info.map((entry) => Object(entry).instanceId) : [];
    const count = ids.filter((id) => !given.includes(id)).length;
    return { exchanges: [exchange], findings: count === 0 ? [] : [found('finding.several-missing', { count })] };
  },
};

/** Lines of one order are purchases of their own. */
const twoLines: Conduct = {
  id: 'two-lines',
  ask: async (bench) => {
    const exchanges = [];
    for (const line of ['000001', '000002']) {
      const subject = { businessId: randomUUID() };
      const members = { orderId: 'MOCKPERIODYEARNEW', orderLineId: `MOCKPERIODYEARNEW-${line}` };
      exchanges.push(await send(bench, { subject, members }, 'newInstance'));
    }
    const refusal = exchanges.find((exchange) => !succeeded(exchange));
    if (refusal !== undefined)
      return { exchanges, findings: [found('finding.line-refused', { code: codeOf(refusal) })] };
    const [one, other] = exchanges.map(({ judgement }) => judgement.members?.instanceId);
    return { exchanges, findings: one === other ? [remark('finding.lines-share-id')] : [] };
  },
};

const SAAS: readonly Conduct[] = [leavesNothing, afterTestRelease, unknownInstance, unknownChange, severalIds];

/** The questions about state that fit a family; none where nothing of it can be seen from outside. */
export const STATE_CONDUCT: Readonly<Partial<Record<FamilyName, readonly Conduct[]>>> = {
  'saas-v2': [...SAAS, twoLines],
  'saas-v1': SAAS,
  'license-online': [afterTestRelease, unknownChange, twoLines],
  'license-2': [afterTestCodeRelease],
};
