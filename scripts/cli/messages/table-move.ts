import type { Sentences } from '../../language/sentence.ts';

/** Sentences of `koogate table close`, `open` and `copy`. English, Chinese. */
export const tableMoveSentences = {
  'problem.table-which': [
    'Which table? Name its stage, or ADDRESS#TABLE, e.g. http://127.0.0.1:8000#my-shop-prod. See --help.',
    '哪张表？请给出阶段名称，或 地址#表名，例如 http://127.0.0.1:8000#my-shop-prod。见 --help。',
  ],
  'problem.table-address': [
    '"{given}" lacks the name of the table: expected ADDRESS#TABLE, e.g. postgres://user@host:5432/koogate#my-shop-prod.',
    '“{given}”缺少表名：应为 地址#表名，例如 postgres://用户@主机:5432/koogate#my-shop-prod。',
  ],
  'problem.copy-which': [
    'Which tables? Give --from and --to, each a stage or ADDRESS#TABLE. See --help.',
    '哪两张表？请给出 --from 与 --to，均为阶段名称或 地址#表名。见 --help。',
  ],
  'problem.copy-source-open': [
    '{from} is open, and its items would change under the copy: close it first (koogate table close).',
    '{from} 处于打开状态，复制期间数据会变化：请先关闭（koogate table close）。',
  ],
  'problem.copy-target-filled': [
    '{to} holds items that this copy has not put there: copy into a new table (koogate table create).',
    '{to} 中有非本次复制写入的数据：请复制到新表（koogate table create）。',
  ],
  'problem.copy-never-equal': [
    '{to} differs from {from} after every comparison: something still writes to one of them. Stop it, and run the copy again.',
    '每次比较后 {to} 与 {from} 仍不一致：仍有程序在写入其中之一。请停止它，然后重新运行复制。',
  ],
  'problem.copy-unfinished': [
    'The copy into {place} is not complete: run koogate table copy again until it says so, then open.',
    '复制到 {place} 尚未完成：请重新运行 koogate table copy 直至完成，再打开。',
  ],
  'problem.closing-changed': [
    'Somebody else closes, opens or copies {place} at this moment. Look who it is, and try again.',
    '此刻有人正在关闭、打开或复制 {place}。请确认后重试。',
  ],
  'problem.closed': [
    '{place} is closed while it is moved: what is written now could be lost. Open it, or go to the new place.',
    '{place} 因迁移而关闭：此时写入的数据可能丢失。请将其打开，或改用新的位置。',
  ],
  'table.closed': [
    '{place} is closed. Every process knows by {knownAt}; until then changes may still be taken, and the copy finds them.',
    '{place} 已关闭。所有进程最迟于 {knownAt} 获知；在此之前仍可能接受变更，复制会包含它们。',
  ],
  'table.closed-before': ['{place} has been closed since {at}.', '{place} 自 {at} 起已关闭。'],
  'table.opened': [
    '{place} is open; no changes were taken for {minutes} minutes.',
    '{place} 已打开；停止接受变更共 {minutes} 分钟。',
  ],
  'table.open-before': ['{place} is open already.', '{place} 已处于打开状态。'],
  'table.copied-away': [
    '{place} was copied at {at}: do not open both. What one of them takes, the other does not know.',
    '{place} 已于 {at} 复制：请勿同时打开两者，一方接受的变更另一方并不知晓。',
  ],
  'table.copied': [
    'All {items} items of {from} are in {to}, each compared by its hash (digest {digest}, {mended} mended). Now open it: koogate table open.',
    '{from} 的全部 {items} 条数据已在 {to} 中，逐条比较哈希（摘要 {digest}，修正 {mended} 条）。现在可打开：koogate table open。',
  ],
  'table.copy-copied': ['{items} items copied', '已复制 {items} 条'],
  'table.copy-compared': ['{items} items compared', '已比较 {items} 条'],
  'table.copy-differed': [
    '{items} items had changed meanwhile and were copied again',
    '{items} 条数据在此期间变化，已重新复制',
  ],
  'table.copy-waits': [
    'waiting {seconds} s until the last attempts at the old place have ended; then everything is compared',
    '等待 {seconds} 秒，直至旧位置的最后一次执行结束，随后全部比较',
  ],
  'help.table-close': [
    `koogate table close: take no more changes, so that the table can be copied

Usage: koogate table close STAGE | ADDRESS#TABLE [--json] [--lang en|zh]

Within a minute every process answers changes with a signed 000005, which the marketplace repeats. Reads and test calls go
on; fulfilment stops after the attempts under way, usage and reconciliation rest.

Examples:
  koogate table close prod
  koogate table close 'http://127.0.0.1:8000#my-shop-prod'`,
    `koogate table close：停止接受变更，以便复制数据表

用法：koogate table close 阶段 | 地址#表名 [--json] [--lang en|zh]

一分钟内，所有进程对变更应答已签名的 000005，云商店会重试。读取与调试调用不受影响；进行中的执行结束后履约停止，话单与对账暂停。

示例：
  koogate table close prod
  koogate table close 'http://127.0.0.1:8000#my-shop-prod'`,
  ],
  'help.table-open': [
    `koogate table open: take changes again, at the new place or at the old one

Usage: koogate table open STAGE | ADDRESS#TABLE [--json] [--lang en|zh]

Refuses a copy that is not complete. Says for how many minutes no changes were taken.

Examples:
  koogate table open 'postgres://root@192.168.0.12:5432/koogate#my-shop-prod'
  koogate table open prod`,
    `koogate table open：在新位置或旧位置重新接受变更

用法：koogate table open 阶段 | 地址#表名 [--json] [--lang en|zh]

复制未完成时拒绝打开。会说明停止接受变更的分钟数。

示例：
  koogate table open 'postgres://root@192.168.0.12:5432/koogate#my-shop-prod'
  koogate table open prod`,
  ],
  'help.table-copy': [
    `koogate table copy: copy a closed table to another engine, and compare each item

Usage: koogate table copy --from STAGE | ADDRESS#TABLE --to STAGE | ADDRESS#TABLE [--json] [--lang en|zh]

The target is an empty table; it is closed until somebody opens it. How far the copy has come lies in the target: run
again, it goes on. Six minutes after closing, when nobody can write any more, everything is compared by its hash.

Passwords: of PostgreSQL PGPASSWORD, else database.password of the secrets file; of an endpoint AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY. With AWS_PROFILE set beside them, a stage on AWS is reached by the profile.

Examples:
  koogate table copy --from prod --to 'postgres://root@192.168.0.12:5432/koogate#my-shop-prod'
  koogate table copy --from 'http://127.0.0.1:8000#old' --to 'http://127.0.0.1:8001#new' --json`,
    `koogate table copy：将已关闭的表复制到另一引擎，并逐条比较

用法：koogate table copy --from 阶段 | 地址#表名 --to 阶段 | 地址#表名 [--json] [--lang en|zh]

目标须为空表，在被打开之前保持关闭。复制进度记录在目标表中：重新运行会接着进行。关闭六分钟后不再有任何写入，此时按哈希逐条比较。

密码：PostgreSQL 取 PGPASSWORD，否则取密钥文件的 database.password；端点取 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY。
同时设置 AWS_PROFILE 时，AWS 上的阶段使用该 profile。

示例：
  koogate table copy --from prod --to 'postgres://root@192.168.0.12:5432/koogate#my-shop-prod'
  koogate table copy --from 'http://127.0.0.1:8000#old' --to 'http://127.0.0.1:8001#new' --json`,
  ],
} as const satisfies Sentences;
