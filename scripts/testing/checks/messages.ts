import { inspect } from 'node:util';
import type { Disturbance, Finding } from './finding.ts';

/** Languages of the checks' messages. */
export type Language = 'en' | 'zh';

interface Words {
  /** Sentences: what was done to the hook (`%` is its name), and what to do about it. */
  readonly disturbances: Readonly<Record<Disturbance, readonly [what: string, advice: string]>>;
  readonly kinds: Readonly<Record<Finding['kind'], string>>;
  readonly expected: string;
  readonly found: string;
  readonly toDo: string;
  readonly notObserved: string;
  readonly undisturbed: (hook: string, cause: string) => string;
}

const KEY_EN =
  'Keep context.idempotencyKey with the effect, in one write; when the key is there already, change nothing and answer for what is there.';
const KEY_ZH =
  '请把 context.idempotencyKey 与业务结果在同一次写入中保存；该键已存在时不要再做任何更改，直接按现有结果返回。';

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    disturbances: {
      twice: ['% was called twice with the same idempotencyKey', KEY_EN],
      lostAnswer: [
        'the answer of % was lost, and an hour later it was called again with the same idempotencyKey',
        KEY_EN,
      ],
      concurrently: [
        'two attempts of % with the same idempotencyKey ran at the same time',
        'Let the database decide which attempt wins: a unique constraint or a conditional write on the key.',
      ],
      aborted: [
        'an aborted attempt of % ended after its successor with the same idempotencyKey',
        'Look at context.signal before each write, and make the write conditional on what was read.',
      ],
      releaseOfNothing: [
        '% was called for an instance that was never provisioned',
        'Let release end without an error when there is nothing to remove.',
      ],
      releaseOfHalf: [
        '% was called after an aborted attempt to provision',
        'Let release remove whatever an unfinished provision may have left, found by instance.instanceId.',
      ],
      releaseOnceMore: [
        '% was called under another idempotencyKey for an instance that was released before',
        'Let release end without an error when there is nothing left to remove.',
      ],
      cleanUp: [
        '% was called in a purchase that failed, was cleaned up (a release with a `wanted` other than RELEASED) and was asked for again',
        'Remove everything in a clean-up, and let provision make the instance anew under its new key: what was released for ever is told by `wanted` RELEASED.',
      ],
      older: [
        'an older attempt of % was repeated after newer changes',
        'Remember the keys of past changes as long as the instance exists, and do nothing for a key that was carried out.',
      ],
      sameEnd: [
        '% was called for two orders with the same expiresAt',
        'Set the end to change.expiresAt; never add a period to the end that is there.',
      ],
      whileFrozen: [
        '% was called for a frozen instance',
        'Renewals and upgrades neither open nor shut the door: leave that to freeze and unfreeze.',
      ],
      afterRelease: [
        '% came too late, after the instance was released',
        'Change only what is there; never create anything in renew, upgrade, freeze or unfreeze.',
      ],
      lateProvision: [
        'an aborted attempt of % ended after the instance was released',
        'Remember released instance ids (`wanted` RELEASED), and make nothing for them.',
      ],
    },
    kinds: {
      view: 'the customer does not have what an undisturbed life gives',
      answer: 'the second answer differs from the first',
      threw: 'the hook threw',
      failed: 'the hook answered that it failed',
    },
    expected: 'expected',
    found: 'found',
    toDo: 'what to do',
    notObserved:
      'Only the answers of the hooks were compared: give `observe`, so that the checks can see what the customer has.',
    undisturbed: (hook, cause) =>
      `${hook} does not succeed when nothing disturbs it, so there is nothing to compare with: ${cause}. ` +
      'Give `secrets`, `purchase` or `upgrades` that your seller takes.',
  },
  zh: {
    disturbances: {
      twice: ['用同一个 idempotencyKey 连续调用了两次 %', KEY_ZH],
      lostAnswer: ['% 的应答丢失，一小时后用同一个 idempotencyKey 再次调用', KEY_ZH],
      concurrently: [
        '% 的两次尝试用同一个 idempotencyKey 同时执行',
        '请由数据库决定哪次尝试生效：对该键使用唯一约束或条件写入。',
      ],
      aborted: [
        '% 的一次已中止的尝试在其后继（同一个 idempotencyKey）之后才结束',
        '每次写入前检查 context.signal，并让写入以读到的内容为条件。',
      ],
      releaseOfNothing: ['对从未开通的实例调用了 %', '没有可删除的内容时，release 应正常结束，不要报错。'],
      releaseOfHalf: [
        '在一次中止的 provision 之后调用了 %',
        'release 应按 instance.instanceId 删除未完成的 provision 可能留下的一切。',
      ],
      releaseOnceMore: [
        '对已释放的实例用另一个 idempotencyKey 调用了 %',
        '没有可删除的内容时，release 应正常结束，不要报错。',
      ],
      cleanUp: [
        '在一次失败、被清理（`wanted` 不是 RELEASED 的 release）、随后再次请求的购买中调用了 %',
        '清理时请删除一切，并让 provision 以新的键重新创建实例：只有 `wanted` 为 RELEASED 才表示永久释放。',
      ],
      older: [
        '在更新的变更之后重复了 % 的较早一次尝试',
        '实例存在期间请记住已执行变更的键；对已执行过的键不做任何事。',
      ],
      sameEnd: ['对两个 expiresAt 相同的订单调用了 %', '请把到期时间设为 change.expiresAt，切勿在原到期时间上累加。'],
      whileFrozen: ['对已冻结的实例调用了 %', '续费和升级既不开放也不关闭访问：这由 freeze 和 unfreeze 决定。'],
      afterRelease: [
        '% 来得太晚，实例已经释放',
        '只更改已存在的内容；在 renew、upgrade、freeze、unfreeze 中切勿新建任何内容。',
      ],
      lateProvision: [
        '% 的一次已中止的尝试在实例释放之后才结束',
        '请记住已释放（`wanted` 为 RELEASED）的实例 ID，不再为其创建任何内容。',
      ],
    },
    kinds: {
      view: '客户得到的与未受干扰时不同',
      answer: '第二次应答与第一次不同',
      threw: '该函数抛出了错误',
      failed: '该函数应答为失败',
    },
    expected: '期望',
    found: '实际',
    toDo: '处理办法',
    notObserved: '只比较了各函数的应答：请提供 `observe`，以便检查客户实际得到的内容。',
    undisturbed: (hook, cause) =>
      `${hook} 在没有任何干扰时也未成功，因此无从比较：${cause}。请提供您的代码能够接受的 \`secrets\`、\`purchase\` 或 \`upgrades\`。`,
  },
};

/** The sentences of a language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** A finding for people: what was done to which hook, what came of it, and what to do. */
export function describe({ hook, disturbance, kind, expected, found }: Finding, language: Language): string {
  const words = wordsOf(language);
  const [what, advice] = words.disturbances[disturbance];
  const lines = [`${what.replace('%', hook)}: ${words.kinds[kind]}.`];
  if (kind === 'view' || kind === 'answer') lines.push(`  ${words.expected}: ${shown(expected)}`);
  lines.push(`  ${words.found}: ${shown(found)}`, `  ${words.toDo}: ${advice}`);
  return lines.join('\n');
}

function shown(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return inspect(value, { depth: 8, breakLength: 100 }).replaceAll('\n', '\n    ');
}
