/** Rows in columns as wide as they need to be; numbers to the right. */
export function asTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, at) => Math.max(...[head, ...rows.map((row) => row[at] ?? '')].map(widthOf)));
  const isNumber = heads.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d.]*$/.test(row[at] ?? '')));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const blanks = ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)));
        return isNumber[at] ? `${blanks}${cell}` : `${cell}${blanks}`;
      })
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Columns that a text takes on a terminal: Chinese characters take two. */
export function widthOf(text: string): number {
  return text.length + (text.match(/[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/g)?.length ?? 0);
}

/** `2025-09-01 08:00Z`; seconds only if there are any. */
export function shortTime(ms: number | undefined): string {
  if (ms === undefined) return '';
  const text = new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
  return `${text.endsWith(':00') ? text.slice(0, 16) : text}Z`;
}
