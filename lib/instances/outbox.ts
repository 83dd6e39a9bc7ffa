/**
 * Removal of accepted changes from the outbox, one at a time from the head of `pending`.
 *
 * A worker acquires the item's lease for a limited time under a token that nobody else has: the condition is that
 * something is pending, that it is due, and that no other lease is running. Acquiring it counts the attempt and moves
 * `dueAt` to the end of the lease, so that a worker that dies is followed by the sweep and by nobody sooner. The
 * outcome of the attempt is written in one update, fenced by the token, by the lease's end and by the id of the head: a
 * worker whose lease is gone, or whose head was overtaken by a release, records nothing. There are two forms of that
 * update, because no engine-neutral expression gives the length of a list: either another change follows the head (drop
 * the head, stay due), or none does (empty the list, leave the index). The form is chosen by the image at hand; if its
 * condition fails, the new image chooses again. The same update can take the whole list, for a purchase that failed:
 * nothing may follow it. How changes lie in an item, as a list or as a set, is queue.ts's to know.
 */
export { complete, type Effect } from './complete.ts';
export { claim, giveBack, type Hold, holdOf, type Recorded } from './hold.ts';
export { postpone, stepBack } from './postpone.ts';
export type { AnyChange, OutboxItem } from './queue.ts';
export { isStatusChange } from './step-back.ts';
