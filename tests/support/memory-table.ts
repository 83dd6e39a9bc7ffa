import { MemoryEngine, type Send } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';

/** A fresh table in this process's memory. */
export function memoryTable(): Table {
  const engine = new MemoryEngine();
  return { name: 'koogate', client: { send: engine.send.bind(engine) as Send } };
}
