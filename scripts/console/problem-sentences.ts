import type { Sentences } from '../language/sentence.ts';

/** Problems that the command line has too, in words of the page: it has fields, and no options. English, Chinese. */
export const problemSentences = {
  'problem.address': [
    'The address {at} is not an http or https address. Write it out in full: http://localhost:8000/path.',
    '地址“{at}”不是 http 或 https 地址。请填写完整地址，如 http://localhost:8000/路径。',
  ],
  'problem.product': [
    'The secrets file has no product {given}. It has: {choices}.',
    '密钥文件中没有商品“{given}”。已有：{choices}。',
  ],
  'problem.key-missing': [
    'The secrets file has no access key of the class {keyClass} for this product. Add it under products › accessKeys.',
    '密钥文件中没有该商品“{keyClass}”类的密钥。请在 products › accessKeys 中添加。',
  ],
  'problem.public-key-missing': [
    'The secrets file has no kitPrivateKey for this product: applicationSync encrypts a secret with its public half.',
    '密钥文件中没有该商品的 kitPrivateKey：applicationSync 需用其公钥加密密钥。',
  ],
  'problem.secrets': [
    '{file} is not a secrets file: it holds no JSON object. Repair it, or move it away and start again.',
    '{file} 不是密钥文件（不是 JSON 对象）。请修复，或移走后重新启动。',
  ],
} as const satisfies Sentences;
