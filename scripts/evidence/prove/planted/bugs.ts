/** A bug that can be planted: a change to the source of one file, made while it is loaded and nowhere else. */
export interface Bug {
  /** The bug in a few words. */
  readonly what: string;
  readonly file: string;
  /** Text that the file holds exactly once, and what takes its place. */
  readonly from: string;
  readonly to: string;
}

const FENCE = "conditions: ['#leaseOwner = :owner', '#leaseUntil >= :now', ...head.conditions],";
const FENCED = 'values: { owner, now, ...head.values },';
const hold = 'lib/instances/hold.ts';
const complete = 'lib/instances/complete.ts';
const followers = 'lib/fulfilment/followers.ts';

/** Bugs of the kinds that the promises are about: who holds an item, what is lost, what comes twice, and in which order. */
export const BUGS: readonly Bug[] = [
  {
    what: 'the fence does not ask who holds the item',
    file: hold,
    from: `${FENCE}\n    ${FENCED}`,
    to: "conditions: ['#leaseUntil >= :now', ...head.conditions], values: { now, ...head.values },",
  },
  {
    what: 'the fence does not ask which change is the head',
    file: hold,
    from: `${FENCE}\n    ${FENCED}`,
    to: "conditions: ['#leaseOwner = :owner', '#leaseUntil >= :now'], values: { owner, now },",
  },
  {
    what: 'a claim does not look for another’s hold',
    file: hold,
    from: "'attribute_exists(#dueShard) AND #dueAt <= :now AND (attribute_not_exists(#leaseOwner) OR #leaseUntil < :now)'",
    to: "'attribute_exists(#dueShard) AND (#dueAt <= :now OR #dueAt > :now)'",
  },
  {
    what: 'an order’s mark does not keep it from being accepted again',
    file: 'lib/instances/append.ts',
    from: "...(mark === undefined ? [] : ['NOT contains(#orders, :mark)']),",
    to: "...(mark === undefined ? [] : ['(contains(#orders, :mark) OR NOT contains(#orders, :mark))']),",
  },
  {
    what: 'a purchase is put without its condition',
    file: 'lib/instances/accept-purchase.ts',
    from: "condition: 'attribute_not_exists(#pk)', values: {} };\n  const written",
    to: "condition: 'attribute_not_exists(#pk) OR attribute_exists(#pk)', values: {} };\n  const written",
  },
  {
    what: 'the instance’s id is made up anew for each delivery',
    file: 'lib/instances/accept-purchase.ts',
    from: 'const instanceId = call.instanceId ?? deriveInstanceId(product, orderId, orderLineId);\n  const key',
    to: 'const instanceId = call.instanceId ?? `$' + '{orderId}$' + '{sentAt}`;\n  const key',
  },
  {
    what: 'a FREEZE waits behind a renewal that fails',
    file: 'lib/instances/step-back.ts',
    from: "if (change.kind !== 'renew' && change.kind !== 'upgrade') return false;",
    to: 'if (change.id !== undefined) return false;',
  },
  {
    what: 'status changes overtake whatever fails, purchases too',
    file: 'lib/instances/step-back.ts',
    from: "if (change.kind !== 'renew' && change.kind !== 'upgrade') return false;",
    to: '',
  },
  {
    what: 'orders change places when they are overtaken',
    file: 'lib/instances/step-back.ts',
    from: '...orders];',
    to: '...orders.toReversed()];',
  },
  {
    what: 'an older status is accepted after a newer one',
    file: 'lib/instances/accept-status.ts',
    from: "condition: ['#statusAt < :sentAt', ",
    to: "condition: ['#statusAt <> :sentAt', ",
  },
  {
    what: 'a change is accepted and nobody is woken',
    file: 'lib/instances/append.ts',
    from: "'#dueAt = :atOnce', '#dueShard = :shard', ...set]",
    to: "'#attempts = :atOnce', '#lastShard = :shard', ...set]",
  },
  {
    what: 'the index forgets an item of which something is left',
    file: complete,
    from: 'const isEnd = rest.length === 0 && followedBy === undefined;',
    to: 'const isEnd = true;',
  },
  {
    what: 'what follows a change is never due',
    file: complete,
    from: 'const { attempts = 0, dueAt = 0, lastError }',
    to: 'const { attempts = 0, dueAt = 9_000_000_000_000_000, lastError }',
  },
  {
    what: 'all that waits is taken with the head',
    file: complete,
    from: 'waiting.length === 1 || failed?.andAllBehind === true;',
    to: 'true;',
  },
  {
    what: 'the last change is taken without a look for a newer one',
    file: 'lib/instances/queue.ts',
    from: 'conditions: [`attribute_not_exists(#pending[$' + '{count}])`],',
    to: 'conditions: [],',
  },
  {
    what: 'a list is replaced without a look for what was appended',
    file: 'lib/instances/queue.ts',
    from: 'return { conditions: [`attribute_not_exists(#pending[$' + '{waitingIn(image).length}])`], values: {} };',
    to: 'return { conditions: [], values: {} };',
  },
  {
    what: 'a released instance takes changes',
    file: 'lib/instances/append.ts',
    from: "'#wanted <> :released',",
    to: "'(#wanted <> :released OR #wanted = :released)',",
  },
  {
    what: 'a released instance keeps what it knew of its buyer',
    file: 'lib/fulfilment/record.ts',
    from: "return { set: { state: 'RELEASED' }, erases: true };",
    to: "return { set: { state: 'RELEASED' } };",
  },
  {
    what: 'a purchase that fails is not cleaned up',
    file: followers,
    from: "if (change.kind !== 'provision' || !('instanceId' in item)) return undefined;",
    to: 'if (change.id !== undefined) return undefined;',
  },
  {
    what: 'the door is left as a late renewal left it',
    file: followers,
    from: "if (change.overtaken === undefined && item.state !== 'FROZEN') return undefined;",
    to: 'if (change.id !== undefined) return undefined;',
  },
  {
    what: 'a failed attempt counts as an end',
    file: 'lib/fulfilment/record.ts',
    from: "if (verdict.kind === 'fault') {",
    to: "if (verdict.kind === 'fault' && hold.change.kind === 'provision') {",
  },
  {
    what: 'each attempt has a key of its own',
    file: 'lib/fulfilment/call-hook.ts',
    from: 'idempotencyKey: hold.change.id,',
    to: 'idempotencyKey: `$' + '{hold.change.id}/$' + '{item.attempts}`,',
  },
  {
    what: 'a status is taken for done that is not',
    file: 'lib/instances/lifecycle.ts',
    from: 'if (item.state === to) {',
    to: "if (item.state === to || kind === 'freeze') {",
  },
  {
    what: 'the chain of the history is broken',
    file: 'lib/instances/audit.ts',
    from: 'n: n + 1,\n      prev,',
    to: "n: n + 1,\n      prev: '',",
  },
  {
    what: 'the head of the history stays where it was',
    file: 'lib/instances/audit.ts',
    from: "sets: ['#auditHead = :auditHead'],",
    to: "sets: ['#auditTail = :auditHead'],",
  },
];
