import type { Sentences } from '../../language/sentence.ts';

/** Sentences of `koogate new` and `koogate upgrade`. English, Chinese. */
export const newSentences = {
  'help.new': [
    `koogate new FOLDER: make a repository for your own shop

Usage: koogate new FOLDER [--seller typescript|http|gateway] [--koogate DIR]

The last part of FOLDER names the service and its first product. FOLDER must not exist, or be empty.

  --seller KIND         typescript (default): your code in TypeScript; http: a backend that KooGate posts to,
                        in Node and in Python; gateway: a server behind the Agents gateway, which streams
  --koogate DIR         takes the packages from a folder of tarballs instead of the registry
  --json, --lang, --no-color as everywhere

Examples:
  koogate new my-shop && cd my-shop && npm install && npm start`,
    `koogate new 文件夹：新建自己的店铺仓库

用法：koogate new 文件夹 [--seller typescript|http|gateway] [--koogate 目录]

文件夹名即服务名和第一个商品名。文件夹必须不存在或为空。

  --seller 种类         typescript（默认）：用 TypeScript 写业务代码；http：由 KooGate 调用的后端（Node 和 Python 各一份）；
                        gateway：Agents 网关之后的流式服务器
  --koogate 目录        从存放安装包的目录取软件包，代替软件源
  --json、--lang、--no-color 同其他命令

示例：
  koogate new my-shop && cd my-shop && npm install && npm start`,
  ],
  'help.upgrade': [
    `koogate upgrade: take a newer KooGate

Usage: koogate upgrade [--to VERSION] [--koogate DIR]

Changes package.json and the lock file alone; your code and settings stay as they are.

  --to VERSION          this version instead of the newest
  --koogate DIR         takes the packages from a folder of tarballs instead of the registry
  --json, --lang, --no-color as everywhere

Examples:
  koogate upgrade
  koogate upgrade --to 0.9.1`,
    `koogate upgrade：升级 KooGate

用法：koogate upgrade [--to 版本] [--koogate 目录]

只改动 package.json 和锁定文件；代码与设置保持不变。

  --to 版本             指定版本，代替最新版本
  --koogate 目录        从存放安装包的目录取软件包，代替软件源
  --json、--lang、--no-color 同其他命令

示例：
  koogate upgrade
  koogate upgrade --to 0.9.1`,
  ],
  'new.name': [
    '"{name}" cannot name a service: it must begin with a lower-case letter and have at most 40 lower-case letters, digits and hyphens.',
    '“{name}”不能作为服务名：须以小写字母开头，最多 40 个小写字母、数字和连字符。',
  ],
  'new.not-empty': [
    '{folder} is there already and not empty. Nothing was written: name another folder.',
    '{folder} 已存在且不为空，未写入任何内容。请换一个文件夹。',
  ],
  'new.no-tarballs': [
    '{folder} holds no koogate-<version>.tgz with its koogate-dev-<version>.tgz: make them with "npm run pack -- --out {folder}".',
    '{folder} 中没有成对的 koogate-<版本>.tgz 和 koogate-dev-<版本>.tgz：请用 "npm run pack -- --out {folder}" 生成。',
  ],
  'new.made': [
    `{folder} is made: {count} files, KooGate {version}. Next:

  cd {folder}
  npm install
  npm start    # {start}
  npm test`,
    `已生成 {folder}：{count} 个文件，KooGate {version}。接下来：

  cd {folder}
  npm install
  npm start    # {start}
  npm test`,
  ],
  'new.start.system': ['the whole system on this machine', '在本机运行整套系统'],
  'new.start.server': ['the server on this machine, and how to call it', '在本机运行服务器，并显示如何调用它'],
  'upgrade.no-shop': [
    '{path} is not that of a shop with KooGate: run this in the folder of your shop.',
    '{path} 不属于使用 KooGate 的店铺：请在店铺文件夹中运行。',
  ],
  'upgrade.current': [
    'KooGate {version} is installed already. Nothing was changed.',
    '已安装 KooGate {version}，未作改动。',
  ],
  'upgrade.installing': ['Installing KooGate {version} …', '正在安装 KooGate {version} …'],
  'upgrade.failed': [
    'npm could not install it; package.json is as it was before.\n{detail}',
    'npm 安装失败；package.json 已恢复原样。\n{detail}',
  ],
  'upgrade.registry': [
    'The newest version cannot be asked for ({detail}). Name one with --to, or a folder of tarballs with --koogate.',
    '无法查询最新版本（{detail}）。请用 --to 指定版本，或用 --koogate 指定安装包目录。',
  ],
  'upgrade.done': [
    'KooGate was upgraded from {from} to {to}. Run npm test, then commit package.json and package-lock.json.',
    'KooGate 已从 {from} 升级到 {to}。请运行 npm test，然后提交 package.json 和 package-lock.json。',
  ],
} as const satisfies Sentences;
