/** `31 µs`, `1.42 ms`. */
export function microseconds(value: number): string {
  if (value < 100) return `${value.toFixed(1)} µs`;
  return value < 1_000 ? `${Math.round(value)} µs` : `${(value / 1_000).toFixed(2)} ms`;
}

/** Thousands of bytes: `236.1 KB`. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}
