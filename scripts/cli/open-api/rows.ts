/** One line a member: its path on the left, its value on the right. */
export function asMembers(value: unknown): string {
  const rows = rowsOf('', value);
  const width = Math.max(0, ...rows.map(([path]) => path.length));
  return rows.map(([path, text]) => `${path.padEnd(width)}  ${text}`).join('\n');
}

function rowsOf(path: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (value instanceof Date) return [[path, value.toISOString()]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const inner = (name: string) => (Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, member]) => rowsOf(inner(name), member));
}
