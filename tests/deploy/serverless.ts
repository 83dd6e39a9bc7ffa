import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command wrote and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A working copy of one's own: Serverless builds its zips in fixed places below the service's folder. */
export interface WorkingCopy {
  readonly folder: string;
  /** Runs the Serverless Framework as the npm scripts do, with this environment alone beside PATH. */
  serverless(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  remove(): void;
}

export function workingCopy(): WorkingCopy {
  const folder = mkdtempSync(join(tmpdir(), 'koogate-deploy-'));
  for (const name of ['serverless.yml', 'package.json', 'scripts']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const name of ['handlers', 'lib', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  return {
    folder,
    serverless: async (args, env = {}) => {
      const child = spawn(process.execPath, ['node_modules/serverless/bin/serverless.js', ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const [code, out, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { code, output: out + errors };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Names of the files in a zip, from its central directory. */
export function zipEntries(path: string): string[] {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}
