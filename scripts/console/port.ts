import { Problem } from '../dev/problem.ts';

/** Port of the console unless CONSOLE_PORT names another. */
const CONSOLE_PORT = 3080;

/** Reads the console's port. @throws Problem if it is none */
export function readConsolePort(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.CONSOLE_PORT || String(CONSOLE_PORT);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Problem(
    `CONSOLE_PORT is "${text}", but a port is a number up to 65535.`,
    `CONSOLE_PORT 为“${text}”，而端口应为不超过 65535 的数字。`,
  );
}
