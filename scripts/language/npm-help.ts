import { localeOf } from './locale.ts';
import { localized, type Sentences } from './sentence.ts';

/** Help of the npm scripts that have no other one; `npm run NAME -- --help` prints it. English, Chinese. */
export const NPM_HELP = {
  build: [
    'npm run build: bundle the functions below dist/, and compile both packages below dist/packages/.\n  -- --bundles   without the packages\n  -- --meta      also write what the bundles are made of',
    'npm run build：将函数打包到 dist/，并将两个 npm 包编译到 dist/packages/。\n  -- --bundles   不编译 npm 包\n  -- --meta      同时写出打包内容的构成',
  ],
  pack: [
    'npm run pack: compile both packages and write their tarballs.\n  -- --out DIR   into another folder than dist/packages',
    'npm run pack：编译两个 npm 包并写出压缩包。\n  -- --out 文件夹   不写入 dist/packages，而写入该文件夹',
  ],
  rehearse: [
    'npm run rehearse: certify every kind of product, and play chaos and a life, on the sample products.\n  -- --on offline|server|lambda   where KooGate runs meanwhile (offline unless given)',
    'npm run rehearse：对示例商品预演每种商品的认证、混沌测试与生命周期。\n  -- --on offline|server|lambda   KooGate 的运行方式（默认 offline）',
  ],
  test: [
    'npm test: the quick lane: types, format, and the tests that need no server. Stops at the first step that fails.\n  -- PATH …   only the tests below a path',
    'npm test：快速检查：类型、格式，以及不需要服务器的测试。遇到第一个失败的步骤即停止。\n  -- 路径 …   只运行该路径下的测试',
  ],
  'test:browser': [
    'npm run test:browser: drive the console page in Chromium, which is installed where it is missing and that is allowed.\n  -- PATH …                           only the tests below a path\n  CHROMIUM_BIN=/path/to/chrome        another browser\n  KOOGATE_SCREENSHOTS=docs/images     keep the pictures',
    'npm run test:browser：在 Chromium 中操作控制台；缺少时若有权限则自动安装。\n  -- 路径 …                           只运行该路径下的测试\n  CHROMIUM_BIN=/path/to/chrome        使用其他浏览器\n  KOOGATE_SCREENSHOTS=docs/images     保存截图',
  ],
  'test:ddblocal': [
    "npm run test:ddblocal: the tests of store and fulfilment on Amazon's DynamoDB Local; needs Java 17.\n  -- PATH …   other tests",
    'npm run test:ddblocal：在亚马逊的 DynamoDB Local 上运行存储与履行的测试；需要 Java 17。\n  -- 路径 …   运行其他测试',
  ],
  measure: [
    'npm run measure: how plain the words are and how short the ways, each with its goal.\n  -- --all   also name what is counted',
    'npm run measure：用词是否平实、路径是否简短，各附目标值。\n  -- --all   同时列出所统计的每一项',
  ],
  'test:packages': [
    'npm run test:packages: make, test, break, certify and upgrade shops of the packed packages, in folders outside.',
    'npm run test:packages：在仓库之外用打好的 npm 包新建店铺，测试、破坏、认证预演并升级。',
  ],
  'test:foreign': [
    'npm run test:foreign: npm test in a clean clone, as it is and with a made-up product in the place of the samples.',
    'npm run test:foreign：在干净的克隆中运行 npm test，先保持原样，再以虚构的商品代替示例商品。',
  ],
} as const satisfies Sentences;

/** Prints the help of an npm script if its arguments ask for it. @returns true if they do */
export function printsHelp(name: keyof typeof NPM_HELP): boolean {
  const isAsked = process.argv.slice(2).some((word) => word === '--help' || word === '-h');
  if (isAsked) console.log(localized(localeOf(process.env), NPM_HELP[name]));
  return isAsked;
}
