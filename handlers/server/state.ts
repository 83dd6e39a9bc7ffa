/** State of a server; the listeners and the timers look at it, start and the clock's watch change it. */
export interface ServerState {
  /** Keys are loaded: calls can be proven and answers signed. */
  keysLoaded: boolean;
  /** `off`: more than five seconds beside the table's clock, so that no more changes are taken; `wrong`: nothing is. */
  clock: 'right' | 'off' | 'wrong';
  /** On its way to the end: no more connections are taken, no more changes are begun. */
  draining: boolean;
}

/** Says whether this server can prove calls and sign answers; the table's state is not its own. */
export function isReady({ keysLoaded, clock, draining }: ServerState): boolean {
  return keysLoaded && clock !== 'wrong' && !draining;
}

/** Says whether changes may be taken and carried out. */
export function mayChange({ clock }: ServerState): boolean {
  return clock === 'right';
}
