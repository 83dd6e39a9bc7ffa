import type { Server, Socket } from 'node:net';

/** Turns of the event loop after which no more connections are taken, should new ones come faster than that. */
const MAX_TURNS = 10_000;

/**
 * Takes the connections that stand in the system's queue: the system would reset them when the listening socket closes,
 * and the calls on them would be lost. The event loop takes one a turn, so nothing else is read until a turn has found none.
 * @param open connections that are open already
 * @param then closes the listening socket; it is called in the turn that has found none, before another can queue
 */
export function takeLastConnections(server: Server, open: Iterable<Socket>, then: () => void): void {
  const held: Socket[] = [];
  const hold = (socket: Socket) => {
    if (socket.isPaused()) return;
    socket.pause();
    held.push(socket);
  };
  let taken = 0;
  const take = (socket: Socket) => {
    taken += 1;
    process.nextTick(hold, socket); // reading begins in a tick that is queued already
  };
  for (const socket of open) hold(socket);
  server.on('connection', take);
  let before = -1;
  const turn = (turns: number) => {
    if (taken !== before && turns < MAX_TURNS) {
      before = taken;
      setImmediate(turn, turns + 1);
      return;
    }
    server.off('connection', take);
    then();
    for (const socket of held) socket.resume();
  };
  setImmediate(turn, 0);
}
