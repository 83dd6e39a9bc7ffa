/** Options of commands that act on an installation, in English. */
export const PLACE_EN = `  --stage NAME          a deployed stage: table, region, secrets and site come from koogate.config.ts
  --table NAME          another table than the stage's
  --database URL        a PostgreSQL database with the table, postgres://user@host:5432/database; for a stage on a server
                        otherwise KOOGATE_DATABASE. Its password: PGPASSWORD, else that of the secrets file
  --parameters PREFIX   another prefix of the secrets in Parameter Store than the stage's
  --json                prints JSON for machines
  --lang en|zh          language; otherwise by locale (LANG)`;

/** The same in Chinese. */
export const PLACE_ZH = `  --stage 名称          已部署的阶段：表、区域、密钥与站点取自 koogate.config.ts
  --table 名称          使用阶段之外的表
  --database URL        数据表所在的 PostgreSQL 数据库，postgres://用户@主机:5432/数据库；对运行在服务器上的阶段，
                        默认取 KOOGATE_DATABASE。密码取自 PGPASSWORD，否则取密钥文件
  --parameters 前缀     使用 Parameter Store 中的其他密钥前缀
  --json                输出 JSON
  --lang en|zh          语言；默认依系统区域（LANG）`;

/** Place that they act on without a stage, in English. */
export const WITHOUT_STAGE_EN =
  'Without --stage it acts on the KooGate that runs here, else on the data folder (KOOGATE_DATA).';

/** The same in Chinese. */
export const WITHOUT_STAGE_ZH = '未给 --stage 时，作用于本机运行的 KooGate，否则作用于数据文件夹（KOOGATE_DATA）。';

/** Options of commands that change something, in English. */
export const ACTING_EN = `  --as NAME             who does it; otherwise the user of this system
  --why TEXT            why; kept sealed beside the entry of the history`;

/** The same in Chinese. */
export const ACTING_ZH = `  --as 名称             操作人；默认为本系统的用户
  --why 文本            原因；封存保存在历史记录旁`;
