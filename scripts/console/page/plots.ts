import { operated } from './deployed-state.ts';
import { type Child, h } from './element.ts';
import { say } from './words.ts';

/*
 * Plots as inline SVG: sizes are attributes and colours are classes, as the page's policy allows no inline styles. Each
 * has a sentence for those who do not see it, and a table behind it.
 */

/** Kinds of what is counted, by the page's colours. */
export type Kind = 'ok' | 'warn' | 'fail' | 'none';

/** One column of a plot: parts from the bottom up. */
export interface Column {
  readonly title: string;
  readonly parts: readonly { readonly kind: Kind; readonly value: number }[];
}

const SVG = 'http://www.w3.org/2000/svg';

function svg(tag: string, attributes: Readonly<Record<string, string | number>>, ...children: Node[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function titled(title: string): SVGElement {
  return svg('title', {}, document.createTextNode(title));
}

const WIDTH = 360;
const HEIGHT = 60;
const GAP = 3;
/** Least height of a part that is there at all. */
const LEAST = 1.5;

/** Draws stacked columns; the highest fills the height. */
export function columns(label: string, all: readonly Column[]): SVGElement {
  const totals = all.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const most = Math.max(1, ...totals);
  const step = WIDTH / all.length;
  const drawn = all.map(({ title, parts }, index) => {
    let top = HEIGHT;
    const rects = parts
      .filter(({ value }) => value > 0)
      .map(({ kind, value }) => {
        const height = Math.max(LEAST, (HEIGHT * value) / most);
        top -= height;
        return svg('rect', { class: kind, x: index * step, y: top, width: step - GAP, height });
      });
    const area = svg('rect', { x: index * step, y: 0, width: step - GAP, height: HEIGHT, 'fill-opacity': 0 });
    return svg('g', {}, titled(title), area, ...rects);
  });
  const axis = svg('line', { class: 'axis', x1: 0, y1: HEIGHT + 1, x2: WIDTH, y2: HEIGHT + 1 });
  return svg(
    'svg',
    { class: 'plot', role: 'img', 'aria-label': label, viewBox: `0 -2 ${WIDTH} ${HEIGHT + 4}` },
    ...drawn,
    axis,
  );
}

const PIP = 14;

/** Draws one square for each step towards a limit. */
export function pips(label: string, all: readonly { readonly kind: Kind; readonly title: string }[]): SVGElement {
  const width = 12 * (PIP + GAP);
  const drawn = all.map(({ kind, title }, index) =>
    svg(
      'g',
      {},
      titled(title),
      svg('rect', { class: kind, x: index * (PIP + GAP) + 0.5, y: 0.5, width: PIP, height: PIP, rx: 2 }),
    ),
  );
  return svg('svg', { class: 'plot', role: 'img', 'aria-label': label, viewBox: `0 0 ${width} ${PIP + 1}` }, ...drawn);
}

const BAR = 16;

/** Draws one bar, shared by its parts from the left. */
export function share(label: string, parts: Column['parts']): SVGElement {
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  let x = 0;
  const drawn = parts.map(({ kind, value }) => {
    const width = (WIDTH * value) / whole;
    const rect = svg('rect', { class: kind, x, y: 0, width, height: BAR });
    x += width;
    return rect;
  });
  return svg('svg', { class: 'plot', role: 'img', 'aria-label': label, viewBox: `0 0 ${WIDTH} ${BAR}` }, ...drawn);
}

/** Draws a plain table that can be scrolled; every row's first cell is its head. */
export function dataTable(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
  caption?: string,
): HTMLElement {
  return h(
    'div',
    { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': label },
    h(
      'table',
      {},
      caption !== undefined && h('caption', {}, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((head) => h('th', { scope: 'col' }, head)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map(([first, ...cells]) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, first),
            cells.map((cell) => h('td', {}, cell)),
          ),
        ),
      ),
    ),
  );
}

/** Keeps a table behind a plot, folded until it is asked for; it stays unfolded when the page is drawn anew. */
export function behind(
  id: string,
  label: string,
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const details: HTMLDetailsElement = h(
    'details',
    {
      class: 'folded',
      open: operated.unfolded.has(id),
      on: {
        toggle: () => {
          if (details.open) operated.unfolded.add(id);
          else operated.unfolded.delete(id);
        },
      },
    },
    h('summary', { id }, say('page.overview.table')),
    dataTable(label, heads, rows),
  );
  return details;
}
