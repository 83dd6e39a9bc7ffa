import { actView, lookAtFailing } from './act-view.ts';
import { doctorView } from './doctor-view.ts';
import { type Child, h } from './element.ts';
import { historyView, lookAtHistory } from './history-view.ts';
import { ordersView } from './orders-view.ts';
import { lookAtOverview, overviewView } from './overview-view.ts';
import { state } from './state.ts';
import { say } from './words.ts';

/** Views by name, in the order of the navigation. */
export type Views = Readonly<Record<string, () => Child>>;

/** Views of a deployed installation. */
export const DEPLOYED_VIEWS: Views = {
  overview: overviewView,
  orders: ordersView,
  history: historyView,
  act: actView,
  doctor: doctorView,
};

/** Milliseconds between two looks at what is shown. */
export const LOOK_AT_DEPLOYED_EVERY_MS = 5_000;

/** Reads anew what a view shows; it is drawn only if something changed. */
export async function lookAtDeployed(view: string): Promise<void> {
  if (view === 'overview') await lookAtOverview();
  if (view === 'history') await lookAtHistory();
  if (view === 'act') await lookAtFailing();
}

/** The table that is looked at, and whether the page may act. */
export function deployedPlace(): Child {
  const { deployed } = state.setup;
  if (deployed === undefined) return undefined;
  const { place, writes } = deployed;
  return h(
    'p',
    { class: 'deployed-place' },
    say('page.deployed.place', { place }),
    h('span', { class: `tag ${writes ? 'warn' : ''}` }, say(writes ? 'page.deployed.writes' : 'page.deployed.reads')),
  );
}

/** Keys that do something here. */
export function deployedKeys(): string {
  return say('page.deployed.keys', { count: Object.keys(DEPLOYED_VIEWS).length });
}
