import { failingTable, lookAtFailing } from './act-view.ts';
import { type Child, region } from './element.ts';

/** View of how things stand. */
export function overviewView(): Child {
  return region('failing', failingTable, 'section', { class: 'card' });
}

/** Reads it anew. */
export function lookAtOverview(): Promise<void> {
  return lookAtFailing();
}
