import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Problem } from '../../terminal/problem.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { clientAt } from './endpoint.ts';
import { createPortable } from './portable.ts';

/** Names that every engine takes, GeminiDB among them. */
const NAME = /^[\w-]{3,48}$/;

/** Creates the table on an engine with DynamoDB's interface, in the form that all of them take; it may run twice. */
export async function createAt(
  endpoint: string,
  { table: name, json }: { readonly table?: string | undefined; readonly json?: boolean | undefined },
  { say, out, env }: Terminal,
): Promise<number> {
  if (name === undefined) throw new Problem('problem.table-name');
  if (!NAME.test(name)) throw new Problem('problem.portable-name', { given: name });
  const client = clientAt(endpoint, env);
  try {
    const { outcome, expires } = await createPortable(client, name, sleep);
    if (json) out(JSON.stringify({ endpoint, table: name, outcome, expires }, null, 2));
    else {
      out(say(`table.${outcome === 'created' ? 'created-at' : 'there-at'}`, { table: name, endpoint }));
      if (!expires) out(say('table-check.no-ttl'));
    }
    return EXIT.good;
  } finally {
    client.destroy();
  }
}
