import type { Sentences } from '../../language/sentence.ts';

/** Causes that lie in encrypted values: English, Chinese. */
export const doctorCiphers = {
  'aes.other-size': [
    'The value is AES-{about}, not the size that was announced.',
    '该值为 AES-{about}，与声明的长度不符。',
  ],
  'aes.raw-key': [
    "The access key's bytes were used as AES key. The key is drawn from SHA1PRNG seeded with the access key.",
    '直接用 accessKey 的字节作 AES 密钥。应由以 accessKey 为种子的 SHA1PRNG 导出。',
  ],
  'aes.sha256-key': [
    'SHA-256 of the access key was used as AES key. The key is drawn from SHA1PRNG.',
    '用 accessKey 的 SHA-256 作 AES 密钥。应由 SHA1PRNG 导出。',
  ],
  'aes.md5-key': [
    'MD5 of the access key was used as AES key. The key is drawn from SHA1PRNG.',
    '用 accessKey 的 MD5 作 AES 密钥。应由 SHA1PRNG 导出。',
  ],
  'aes.sha1-once': [
    'The access key was hashed with SHA-1 once; the generator hashes its state again.',
    'accessKey 只做了一次 SHA-1；生成器会对其状态再做一次。',
  ],
  'aes.sha1-twice-only': [
    'The AES-256 key ends after 20 bytes: the second draw of the generator is missing.',
    'AES-256 密钥在 20 字节后中断：缺少生成器的第二次输出。',
  ],
  'aes.sha1-repeated': [
    "The second half of the AES-256 key was made by hashing the first again. The generator's state is moved on first.",
    'AES-256 密钥后半段是对前半段再次哈希。应先推进生成器状态。',
  ],
  'aes.unsigned-carry': [
    'The generator added unsigned bytes. Java adds signed ones, so the second draw differs.',
    '生成器按无符号字节相加。Java 按有符号字节相加，第二次输出因此不同。',
  ],
  'aes.plus-to-blank': [
    'A `+` in the value became a blank on the way. Send `%2B`.',
    '值中的 `+` 变成了空格。应以 `%2B` 发送。',
  ],
  'aes.url-encoded': ['The value is still URL-encoded.', '该值仍为 URL 编码。'],
  'aes.base64url': ['The value is base64url. Use the standard alphabet.', '该值为 base64url。应使用标准字母表。'],
  'aes.line-breaks': ['The base64 is broken into lines. Use one line.', 'base64 含换行。应为一行。'],
  'aes.separator': [
    'There is a separator between vector and cipher text. They follow each other directly.',
    'IV 与密文之间有分隔符。应直接相连。',
  ],
  'aes.ecb': ['ECB mode was used. It is CBC with a vector in front.', '使用了 ECB 模式。应为 CBC，且 IV 在前。'],
  'aes.zero-vector': [
    'A vector of zeros was used. It is sixteen random letters and digits, sent in front.',
    '使用了全零 IV。应为 16 个随机字母数字并置于最前。',
  ],
  'aes.vector-inside': [
    'The vector was base64-encoded together with the cipher text. It stands in front as plain text.',
    'IV 与密文一起做了 base64。IV 应以明文置于最前。',
  ],
  'aes.vector-hex': [
    'The vector was written as hex. It is sixteen letters and digits.',
    'IV 写成了十六进制。应为 16 个字母数字。',
  ],
  'aes.hex': ['The cipher text was written as hex. It is base64.', '密文写成了十六进制。应为 base64。'],
  'aes.cfb': ['CFB mode was used. It is CBC.', '使用了 CFB 模式。应为 CBC。'],
  'aes.gcm': ['CTR mode was used. It is CBC.', '使用了 CTR 模式。应为 CBC。'],
  'aes.zero-padding': ['The text was padded with zeros. PKCS#5 padding is meant.', '使用了零填充。应为 PKCS#5 填充。'],
  'aes.plain': ['The value was not encrypted at all.', '该值根本没有加密。'],
  'aes.too-long': [
    'The value is longer than 128 characters: the plain text may have 79 bytes at most.',
    '该值超过 128 个字符：明文最多 79 字节。',
  ],
  'oaep.hashes': [
    'The value was made with the hashes {about}. Java and Node differ in their defaults: set both explicitly.',
    '该值使用的哈希为 {about}。Java 与 Node 默认值不同：请显式设置两者。',
  ],
  'oaep.pkcs1': ['The value was padded with PKCS#1 v1.5. It has to be OAEP.', '该值使用 PKCS#1 v1.5 填充。应为 OAEP。'],
  'oaep.reversed': [
    'The bytes of the value are in reverse order (as some Windows interfaces give them).',
    '该值字节顺序颠倒（某些 Windows 接口如此）。',
  ],
  'oaep.other-key': [
    'The value was made with the public half of another of the given keys.',
    '该值由另一把给定密钥的公钥加密。',
  ],
  'oaep.hex': ['The value was written as hex. It is base64.', '该值写成了十六进制。应为 base64。'],
  'oaep.base64url': ['The value is base64url. Use the standard alphabet.', '该值为 base64url。应使用标准字母表。'],
  'oaep.plus-to-blank': ['A `+` in the value became a blank on the way.', '值中的 `+` 变成了空格。'],
  'oaep.line-breaks': ['The base64 is broken into lines. Use one line.', 'base64 含换行。应为一行。'],
  'oaep.url-encoded': ['The value is still URL-encoded.', '该值仍为 URL 编码。'],
  'oaep.base64-twice': ['The value was base64-encoded twice.', '该值做了两次 base64。'],
  'oaep.small-key': ['The key has {about} bit; at least 3072 are asked for.', '密钥为 {about} 位；要求至少 3072 位。'],
  'oaep.length': [
    'The value has {about} bytes: it belongs to a key of another size.',
    '该值字节数为 {about}：属于另一长度的密钥。',
  ],
} as const satisfies Sentences;
