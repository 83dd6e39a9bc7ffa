/*
 * The page is made of nodes alone: no markup is ever parsed, so nothing a server sends can become markup.
 */

/** Content of an element; false and undefined stand for nothing. */
export type Child = Node | string | false | undefined | readonly Child[];

/** Attributes by name, and listeners by event. `value` and `checked` are the live ones. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | undefined | Listeners;
  readonly on?: Listeners;
}

type Listeners = Readonly<Record<string, (event: Event) => unknown>>;

/** Makes an element. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.append(...nodes(children));
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'object') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === 'value' || name === 'checked') {
      Reflect.set(element, name, value);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  return element;
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return [];
    return Array.isArray(child) ? nodes(child) : [child as Node | string];
  });
}

/** Lets those hear who do not see: the live region stands in the page from the beginning, as screen readers want it. */
export function announce(text: string): void {
  const said = document.getElementById('said');
  if (said !== null) said.textContent = text;
}

const regions = new Map<string, { readonly element: HTMLElement; readonly draw: () => Child }>();

/** A part of the page that can be drawn anew by its name. */
export function region(
  name: string,
  draw: () => Child,
  tag: 'div' | 'section' | 'main' = 'div',
  attributes: Attributes = {},
): HTMLElement {
  const element = h(tag, attributes);
  regions.set(name, { element, draw });
  element.append(...nodes([draw()]));
  return element;
}

/** Draws parts anew; whoever has the focus keeps it, and the caret its place. */
export function refresh(...names: readonly string[]): void {
  for (const name of names) {
    const found = regions.get(name);
    if (found === undefined || !found.element.isConnected) continue;
    const focused = document.activeElement;
    const id = focused !== null && found.element.contains(focused) ? focused.id : '';
    const caret = focused instanceof HTMLInputElement && focused.type === 'text' ? focused.selectionStart : null;
    found.element.replaceChildren(...nodes([found.draw()]));
    const again = id === '' ? null : document.getElementById(id);
    again?.focus({ preventScroll: true });
    if (again instanceof HTMLInputElement && caret !== null) again.setSelectionRange(caret, caret);
  }
}
