import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/command.ts';
import { systemdAnalyze } from '../support/systemd.ts';

/** Reads HCL. Loaded without its declarations, which would bring those of browsers to the whole project. */
const { parse } = createRequire(import.meta.url)('@cdktf/hcl2json') as {
  parse(name: string, text: string): Promise<unknown>;
};

const FOLDER = 'deploy/huawei';
const files = readdirSync(FOLDER);
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const folder = temporaryFolder();
afterAll(folder.remove);

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A whole configuration: blocks by kind, as Terraform would read them together. */
interface Terraform {
  readonly variable: Readonly<Record<string, unknown>>;
  readonly locals: ReadonlySet<string>;
  readonly resource: Blocks;
  readonly data: Blocks;
  /** All expressions and texts, without the declarations' own names. */
  readonly text: string;
}

async function readTerraform(): Promise<Terraform> {
  const variable: Record<string, unknown> = {};
  const locals = new Set<string>();
  const resource: Record<string, Record<string, unknown>> = {};
  const data: Record<string, Record<string, unknown>> = {};
  let text = '';
  for (const name of files.filter((file) => file.endsWith('.tf'))) {
    const parsed = (await parse(name, read(name))) as Record<string, unknown>;
    Object.assign(variable, parsed.variable);
    for (const block of [parsed.locals ?? []].flat()) for (const local of Object.keys(Object(block))) locals.add(local);
    add(resource, parsed.resource);
    add(data, parsed.data);
    text += JSON.stringify(parsed);
  }
  return { variable, locals, resource, data, text };
}

function add(all: Record<string, Record<string, unknown>>, blocks: unknown): void {
  for (const [type, own] of Object.entries(Object(blocks))) all[type] = { ...all[type], ...Object(own) };
}

describe('the Terraform configuration', () => {
  let terraform: Terraform;
  beforeAll(async () => {
    terraform = await readTerraform();
  });
  const used = (pattern: RegExp) => [...terraform.text.matchAll(pattern)].map(([, ...parts]) => parts.join('.'));

  test('declares each variable and local that it uses, and uses each that it declares', () => {
    expect([...new Set(used(/\bvar\.(\w+)/g))].sort()).toEqual(Object.keys(terraform.variable).sort());
    expect([...new Set(used(/\blocal\.(\w+)/g))].sort()).toEqual([...terraform.locals].sort());
  });

  test('declares each resource and source of data that it refers to', () => {
    const names = (blocks: Blocks) =>
      Object.entries(blocks).flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`));
    const referred = used(/(?<!data\.)\b(huaweicloud_\w+)\.(\w+)/g);
    expect(referred.length).toBeGreaterThan(40);
    expect(referred.filter((name) => !names(terraform.resource).includes(name))).toEqual([]);
    const sources = used(/\bdata\.(huaweicloud_\w+)\.(\w+)/g);
    expect([...new Set(sources)].sort()).toEqual(names(terraform.data).sort());
  });

  test('keeps a synchronous standby in a second zone, backups, and the database itself', () => {
    const [database] = Object(terraform.resource.huaweicloud_rds_instance).this;
    expect(database).toMatchObject({
      ha_replication_mode: 'sync',
      lifecycle: [{ prevent_destroy: true }],
      backup_strategy: [{ keep_days: `\${var.backup_days}` }],
      parameters: [{ name: 'synchronous_commit', value: 'on' }],
    });
    expect(Object(terraform.variable.database_flavor)[0].default).toMatch(/\.ha$/);
  });

  test('lets the servers alone reach the database, and nobody the servers’ second listener', () => {
    const rules = Object.values(Object(terraform.resource.huaweicloud_networking_secgroup_rule)).flat() as Record<
      string,
      string
    >[];
    const open = rules.filter(
      ({ direction, remote_ip_prefix }) => direction === 'ingress' && remote_ip_prefix === '0.0.0.0/0',
    );
    expect(open.map(({ ports }) => ports)).toEqual(['80,443']);
    const database = rules.filter(({ ports }) => ports === '5432');
    expect(database.map((rule) => rule.remote_group_id)).toEqual([`\${huaweicloud_networking_secgroup.servers.id}`]);
    expect(read('network.tf')).not.toContain('9464');
  });

  test('has an example that sets declared variables alone, and no password', async () => {
    const example = (await parse('terraform.tfvars.example', read('terraform.tfvars.example'))) as object;
    const required = Object.entries(terraform.variable)
      .filter(([, block]) => Object(block)[0].default === undefined)
      .map(([name]) => name);
    expect(Object.keys(example).filter((name) => terraform.variable[name] === undefined)).toEqual([]);
    expect(required.filter((name) => !(name in example))).toEqual(['database_password']);
  });
});

test.each(files)('%s says in its first line that it was not applied', (name) => {
  const [first = '', second = ''] = read(name).split('\n');
  expect(first.startsWith('#!') ? second : first).toMatch(/Not (applied|built) by us/);
});

describe('the unit', () => {
  const path = join(folder.path, 'koogate.service');
  beforeAll(() => writeFileSync(path, read('koogate.service').replace('/usr/bin/node', process.execPath)));

  test('is one that systemd understands', () => {
    const { status, stdout, stderr } = spawnSync(systemdAnalyze(), ['verify', path], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });

  test('is hardened: systemd sees an exposure of at most 1.5 of 10', () => {
    const options = ['security', '--offline=true', '--threshold=15', '--no-pager', path];
    const { status, stdout, stderr } = spawnSync(systemdAnalyze(), options, { encoding: 'utf8' });
    expect(`${stderr}${status === 0 ? '' : stdout}`).toBe('');
  });

  test('lets nobody but root read what it hands over, and waits longer than the server takes to end', () => {
    const unit = read('koogate.service');
    expect(unit).toContain('LoadCredential=secrets.json:/etc/koogate/secrets.json');
    expect(unit).toMatch(/^TimeoutStopSec=25$/m);
    expect(unit).not.toMatch(/^Environment=.*(PASSWORD|whsec_|SECRET=)/m);
  });

  test('has an example of its environment with the variables that a server takes, and no password', () => {
    const names = [...read('koogate.env.example').matchAll(/^#? ?(\w+)=/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(['KOOGATE_DATABASE', 'KOOGATE_SECRETS', 'KOOGATE_STAGE', 'NODE_ENV', 'PORT']);
    expect(read('koogate.env.example')).not.toMatch(/postgres:\/\/[^@\s]*:[^@\s]*@/);
  });
});

describe('install.sh', () => {
  let root: string;
  let runs = 0;
  beforeEach(() => {
    root = join(folder.path, `root-${++runs}`);
    mkdirSync(join(root, 'etc/koogate'), { recursive: true });
    mkdirSync(join(root, 'bin'));
    cpSync(FOLDER, join(root, 'delivered'), { recursive: true });
    cpSync(join(FOLDER, 'koogate.env.example'), join(root, 'etc/koogate/koogate.env'));
    writeFileSync(join(root, 'delivered/server.cjs'), '');
    writeFileSync(join(root, 'etc/koogate/secrets.json'), '{}', { mode: 0o644 });
    command('systemctl', `echo "$@" >>${root}/systemctl.log`);
    command('sleep', ':');
    command('curl', `[ "$(readlink ${root}/opt/koogate/current)" != releases/broken ]`);
  });

  function command(name: string, script: string): void {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }

  const run = (release: string) => {
    const env = { ...process.env, KOOGATE_ROOT: root, PATH: `${join(root, 'bin')}:${process.env.PATH}` };
    return spawnSync('sh', [join(root, 'delivered/install.sh'), release], { env, encoding: 'utf8' });
  };
  const current = () => readlinkSync(join(root, 'opt/koogate/current'));

  test('brings releases, one after the other, and goes back and forth', () => {
    expect(run('1.0.0')).toMatchObject({ status: 0, stdout: 'Runs: releases/1.0.0\n', stderr: '' });
    expect(run('1.1.0')).toMatchObject({ status: 0 });
    expect(current()).toBe('releases/1.1.0');
    expect(run('back')).toMatchObject({ status: 0 });
    expect(current()).toBe('releases/1.0.0');
    expect(run('back')).toMatchObject({ status: 0 });
    expect(current()).toBe('releases/1.1.0');
    expect(existsSync(join(root, 'opt/koogate/releases/1.0.0/server.cjs'))).toBe(true);
    const asked = readFileSync(join(root, 'systemctl.log'), 'utf8').split('\n');
    expect(asked.slice(0, 3)).toEqual(['daemon-reload', 'enable koogate.service', 'restart koogate.service']);
  });

  test('puts a release that is not healthy back to the one before', () => {
    run('1.0.0');
    expect(run('broken')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/not healthy[\s\S]*Back to: releases\/1\.0\.0/),
    });
    expect(current()).toBe('releases/1.0.0');
  });

  test('closes the secrets file, and refuses what it cannot install with a sentence', () => {
    run('1.0.0');
    const { stdout } = spawnSync('stat', ['-c', '%a', join(root, 'etc/koogate/secrets.json')], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('600');
    expect(run('../x')).toMatchObject({ status: 2, stderr: expect.stringContaining('letters, digits') });
    expect(run('')).toMatchObject({ status: 2 });
  });
});
