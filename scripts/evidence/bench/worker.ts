import { FULL, QUICK, type Row } from './figure.ts';
import { FIGURES } from './figures/index.ts';

/** Report of a worker to the command. */
export type Report = { readonly say: string } | { readonly rows: readonly Row[] };

/**
 * Measures one group of figures in this process, which nothing has warmed up, filled or slowed down before:
 * `node --expose-gc worker.ts <name> [--quick]`. Its standard output takes the functions' log lines.
 */
const [, , name = '', ...flags] = process.argv;
const report = (message: Report) => new Promise((sent) => process.send?.(message, sent));
const figure = FIGURES[name];
if (figure === undefined) throw new Error(`There is no figure "${name}".`);
const rows = await figure.measure(flags.includes('--quick') ? QUICK : FULL, (say) => void report({ say }));
await report({ rows });
process.exit(0);
