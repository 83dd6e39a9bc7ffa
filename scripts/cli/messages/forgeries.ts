import type { Sentences } from '../../language/sentence.ts';

/** Forged calls that were carried out. English, Chinese. */
export const forgerySentences = {
  'finding.forged-empty': [
    'a call with an empty signature was accepted: anybody can call',
    '签名为空的调用被接受：任何人都能调用',
  ],
  'finding.forged-one-digit': [
    'a call with the first digit of its signature alone was accepted: only as many digits as came are compared',
    '只带签名首位的调用被接受：只比较了收到的位数',
  ],
  'finding.forged-prefix': [
    'a call with the beginning of its signature was accepted; compare the length too',
    '只带签名前半部分的调用被接受；应同时比较长度',
  ],
  'finding.forged-placeholder': [
    'a call with "undefined", "null", zeros or letters in place of a signature was accepted',
    '以 "undefined"、"null"、零或字母代替签名的调用被接受',
  ],
  'finding.forged-other-digest': [
    'a signature made with SHA-1 or SHA-512 was accepted; SHA-256 is the only one',
    '用 SHA-1 或 SHA-512 计算的签名被接受；只允许 SHA-256',
  ],
  'finding.forged-no-key': [
    'a signature made with an empty key was accepted: anybody can make it',
    '用空密钥计算的签名被接受：任何人都能伪造',
  ],
  'finding.forged-other-class': [
    'a call signed with the key of another interface class was accepted',
    '用其他类别密钥签名的调用被接受',
  ],
  'finding.forged-other-body': [
    'the signature of one call was accepted on another: it does not cover what the call says',
    '一个调用的签名在另一个调用上被接受：签名没有覆盖调用内容',
  ],
  'finding.forged-other-nonce': [
    'a signature was accepted again with another nonce: what once held is not checked again',
    '换一个 nonce 后，同一签名再次被接受：曾经通过的签名没有重新校验',
  ],
  'finding.forged-other-time': [
    'a call whose timestamp was changed after signing was accepted',
    '签名后时间戳被修改的调用被接受',
  ],
  'finding.forged-two-proofs': [
    'a call with two signatures, neither right, was accepted; a list is no signature',
    '带两个错误签名的调用被接受；列表不是签名',
  ],
  'finding.forged-other-path': [
    'a call signed for one path was accepted on another, though members that the other needs are missing',
    '为一个路径签名的调用在另一个路径上被接受，尽管缺少该接口的必填字段',
  ],
  'finding.forged-other-product': [
    'a call signed for one product was accepted at the address of another, which has other keys',
    '为一个商品签名的调用在另一个商品（密钥不同）的地址上被接受',
  ],
} as const satisfies Sentences;
