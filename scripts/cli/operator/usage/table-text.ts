/** Rows in columns as wide as they need to be; numbers to the right. */
export function asTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => (row[at] ?? '').length)));
  const isNumber = heads.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d.]*$/.test(row[at] ?? '')));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

/** `2025-09-01 08:00Z`; seconds only if there are any. */
export function shortTime(ms: number | undefined): string {
  if (ms === undefined) return '';
  const text = new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
  return `${text.endsWith(':00') ? text.slice(0, 16) : text}Z`;
}
