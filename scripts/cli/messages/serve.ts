import type { Sentences } from '../../language/sentence.ts';

/** Sentences of `koogate build` and `koogate serve`. English, Chinese. */
export const serveSentences = {
  'help.build': [
    `koogate build: build the functions, or the server host as one file

Usage: koogate build [--server] [--out DIR]

With --server it writes server.cjs, in which everything is: the machine that runs it needs Node 22.18 or newer and no
packages. The map of its sources lies beside it; put it there too, so that the log shows your own lines.

  --server              the server host in the place of the functions
  --out DIR             folder that is written to (default dist)

Examples:
  koogate build --server --out /tmp/release
  scp /tmp/release/server.cjs* shop.example.com:/opt/koogate/`,
    `koogate build：构建函数，或将服务器主机构建为单个文件

用法：koogate build [--server] [--out 文件夹]

使用 --server 时生成 server.cjs，其中包含一切：运行它的机器只需 Node 22.18 或更高版本，无需任何包。旁边是源码映射文件，
请一并放置，日志才能显示你自己的代码行。

  --server              构建服务器主机，而不是函数
  --out 文件夹          输出文件夹（默认 dist）

示例：
  koogate build --server --out /tmp/release
  scp /tmp/release/server.cjs* shop.example.com:/opt/koogate/`,
  ],
  'help.serve': [
    `koogate serve: run the server host of a stage, until Ctrl-C or SIGTERM

Usage: koogate serve --stage NAME [--file FILE]

Builds dist/server.cjs and runs it; in production the file is run by node itself. Exit code 0 after a signal, 1 where it
must not start (table out of reach, clock off, secrets that others may read), 2 where a setting is wrong.

  --stage NAME          stage whose host is "server" (default KOOGATE_STAGE)
  --file FILE           a file that koogate build --server has written, instead of building one

Environment:

  KOOGATE_SECRETS       the secrets file, of mode 0600
  KOOGATE_DATABASE      postgres://user@host:5432/database, without the password; unset: DynamoDB's protocol, by AWS_…
  PORT                  port of the public listener (default 8000)

Examples:
  KOOGATE_DATABASE=postgres://koogate@db:5432/shop KOOGATE_SECRETS=/etc/koogate/secrets.json koogate serve --stage prod`,
    `koogate serve：运行某个阶段的服务器主机，直到 Ctrl-C 或 SIGTERM

用法：koogate serve --stage 名称 [--file 文件]

构建并运行 dist/server.cjs；生产环境中由 node 直接运行该文件。收到信号后退出码为 0；不得启动时为 1（数据表无法访问、时钟不准、
密钥文件可被他人读取）；设置有误时为 2。

  --stage 名称          host 为 "server" 的阶段（默认取 KOOGATE_STAGE）
  --file 文件           由 koogate build --server 生成的文件，不再重新构建

环境变量：

  KOOGATE_SECRETS       密钥文件，权限为 0600
  KOOGATE_DATABASE      postgres://用户@主机:5432/数据库，不含密码；未设置时使用 DynamoDB 协议（AWS_… 变量）
  PORT                  公共监听器的端口（默认 8000）

示例：
  KOOGATE_DATABASE=postgres://koogate@db:5432/shop KOOGATE_SECRETS=/etc/koogate/secrets.json koogate serve --stage prod`,
  ],
  'build.done': ['{file}  {size} KB', '{file}  {size} KB'],
  'serve.no-file': [
    'There is no file {file}: make it with "koogate build --server".',
    '没有文件 {file}：请用 koogate build --server 生成。',
  ],
} as const satisfies Sentences;
