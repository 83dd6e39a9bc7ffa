import type { Sentences } from '../../language/sentence.ts';
import { FAILED_DO } from './visit-failed.ts';

/** Words of `koogate doctor --stage` about access keys. English, Chinese. */
export const visitKeySentences = {
  'visit.keys.fingerprints': ['{product}: {keys} (newest first)', '{product}：{keys}（最新的在前）'],
  'visit.keys.class-missing': [
    '{product} has no access key of the class {keyClass}, which {families} is signed with.',
    '{product} 没有 {keyClass} 类密钥，而 {families} 用它签名。',
  ],
  'visit.keys.class-missing.do': [
    'Copy it from the seller console (key management) into the secrets, or take the family out of the product.',
    '请从卖家中心的密钥管理复制到密钥文件，或从商品中去掉该接口类别。',
  ],
  'visit.keys.unreadable': ['{product}: could not be told. {cause}', '{product}：无法判断。{cause}'],
  'visit.keys.unreadable.do': ['Sign in as somebody who may read them.', '请以有权读取者的身份登录。'],
  'visit.keys.not-in-file': ['{file} has no access keys of {product}.', '{file} 中没有 {product} 的接口密钥。'],
  'visit.keys.same-as-file': ['{product}: the same as in {file}.', '{product}：与 {file} 一致。'],
  'visit.keys.differ-from-file': [
    '{product}, class {keyClass}: stored {stored}, in {file} {given}.',
    '{product} 的 {keyClass} 类：已保存 {stored}，{file} 中为 {given}。',
  ],
  'visit.keys.differ-from-file.do': [
    'See in the seller console which is right, and store the file with koogate parameters, or correct it.',
    '请在卖家中心确认哪个正确，再用 koogate parameters 保存该文件，或更正它。',
  ],
  'visit.keys.seen': [
    '{product}: the marketplace has {keyClass} {fingerprint}; its last call with it came {at}.',
    '{product}：云商店持有 {keyClass} {fingerprint}；最近一次使用它的调用在 {at}。',
  ],
  'visit.keys.not-seen': [
    '{product}: whether the marketplace has {keyClass} {fingerprint} could not be told: no call with it within five days.',
    '{product}：无法判断云商店是否持有 {keyClass} {fingerprint}：五天内没有使用它的调用。',
  ],
  'visit.keys.not-seen.do': [
    'Compare it with the key in the seller console, or send a debugging call from there.',
    '请与卖家中心的密钥比对，或从那里发送一次调试调用。',
  ],
  'visit.keys.older-in-use': [
    '{product}: the marketplace still signs with the older {keyClass} {older} (last {at}), not with {fingerprint}.',
    '{product}：云商店仍使用旧密钥 {keyClass} {older}（最近 {at}），而不是 {fingerprint}。',
  ],
  'visit.keys.older-in-use.do': [
    'If you have changed the key in the seller console, wait for its next call; keep the older one.',
    '若已在卖家中心更换密钥，请等待其下一次调用；保留旧密钥。',
  ],
  'visit.keys.removable': [
    '{product}: nothing has needed the older {keyClass} {older} since {since}.',
    '{product}：自 {since} 起不再需要旧密钥 {keyClass} {older}。',
  ],
  'visit.keys.removable.do': ['Take it out of the secrets file, and store the file.', '请从密钥文件中移除并保存。'],
  'visit.keys.failed': ['Could not be told: {cause}', '无法判断：{cause}'],
  'visit.keys.failed.do': FAILED_DO,
} as const satisfies Sentences;
