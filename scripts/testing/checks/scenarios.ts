import { isDeepStrictEqual } from 'node:util';
import type { Disturbance, Finding } from './finding.ts';
import { type Extra, HOOK_OF, LIFE, type Step } from './life.ts';
import { type CheckContext, type Ended, fault, Run } from './run.ts';

/** The undisturbed life: its steps, and what the customer has after each. */
export interface Reference {
  readonly steps: readonly Step[];
  readonly views: ReadonlyMap<Step | 'nothing', unknown>;
}

/** Settings of a scenario; the hooks of `skip` are known to fail and are called once only. */
export interface ScenarioContext {
  readonly check: CheckContext;
  readonly reference: Reference;
  readonly skip: ReadonlySet<string>;
}

/** Leads one instance through its life with one disturbance. @returns the first finding; undefined if the hooks stand it */
export type Scenario = (context: ScenarioContext) => Promise<Finding | undefined>;

/** Thrown inside a scenario to end it with its first finding. */
class Found extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.disturbance);
    this.finding = finding;
  }
}

/** A life in which a disturbance is looked for: compares with the reference, and throws the first difference. */
class Disturbed extends Run {
  private readonly context: ScenarioContext;
  private readonly disturbance: Disturbance;

  constructor(context: ScenarioContext, disturbance: Disturbance) {
    super(context.check);
    this.context = context;
    this.disturbance = disturbance;
  }

  get steps(): readonly Step[] {
    return this.context.reference.steps;
  }

  mayDisturb(step: Step | Extra): boolean {
    return !this.context.skip.has(HOOK_OF[step]);
  }

  /** Leads the instance through the steps before one, undisturbed. */
  async until(step: Step): Promise<void> {
    for (const before of this.steps.slice(0, this.steps.indexOf(step))) await this.call(before);
  }

  /** The end of a call that must succeed. */
  good(step: Step | Extra, result: Ended): { readonly answer: unknown } {
    const finding = fault(step, this.disturbance, result);
    if (finding !== undefined) throw new Found(finding);
    return result as { readonly answer: unknown };
  }

  sameAnswer(step: Step, first: Ended, second: Ended): void {
    const [expected, found] = [first, second].map((one) => this.shape(step, this.good(step, one)));
    if (isDeepStrictEqual(found, expected)) return;
    throw new Found({ hook: HOOK_OF[step], disturbance: this.disturbance, kind: 'answer', expected, found });
  }

  /** The customer must have what the undisturbed life has after one of these steps. */
  async sameView(step: Step | Extra, ...after: readonly (Step | 'nothing')[]): Promise<void> {
    const found = await this.view();
    const [expected, ...others] = after.map((at) => this.context.reference.views.get(at));
    if ([expected, ...others].some((view) => isDeepStrictEqual(found, view))) return;
    throw new Found({ hook: HOOK_OF[step], disturbance: this.disturbance, kind: 'view', expected, found });
  }
}

function scenario(
  disturbance: Disturbance,
  play: (run: Disturbed, context: ScenarioContext) => Promise<void>,
): Scenario {
  return async (context) => {
    try {
      await play(new Disturbed(context, disturbance), context);
      return undefined;
    } catch (error) {
      if (error instanceof Found) return error.finding;
      throw error;
    }
  };
}

/** Steps that are called again after a newer one: the older attempt must not undo what came since. */
const OLDER: Partial<Record<Step, readonly Step[]>> = {
  upgradeAgain: ['upgrade'],
  renewAgain: ['renew'],
  unfreeze: ['freeze'],
  freezeAgain: ['unfreeze', 'upgradeAgain', 'renewAgain', 'provision'],
};

/** Changes that may come too late for an instance that was released. */
const TOO_LATE: readonly (Step | Extra)[] = ['upgradeAgain', 'renewAgain', 'freezeAgain', 'unfreeze', 'freezeTooLate'];

export const SCENARIOS: Readonly<Record<Disturbance, Scenario>> = {
  twice: scenario('twice', async (run, { check }) => {
    for (const step of run.steps) {
      const first = await run.call(step);
      if (run.mayDisturb(step)) {
        run.sameAnswer(step, first, await run.call(step));
        await run.sameView(step, step);
      }
      if (step !== 'upgrade' || check.seller.canChange === undefined || !run.mayDisturb('canChange')) continue;
      const asked = [await run.call('canChange'), await run.call('canChange')];
      for (const answer of asked) run.good('canChange', answer);
      await run.sameView('canChange', step);
    }
  }),

  lostAnswer: scenario('lostAnswer', async (run, { check }) => {
    const other = new Run(check); // somebody else's instance, to which something happens in between
    for (const step of run.steps) {
      await run.call(step);
      await other.call(step);
      if (!run.mayDisturb(step)) continue;
      run.good(step, await run.call(step));
      await run.sameView(step, step);
    }
  }),

  concurrently: scenario('concurrently', async (run) => {
    for (const step of run.steps) {
      if (!run.mayDisturb(step)) {
        await run.call(step);
        continue;
      }
      const both = await Promise.all([run.call(step), run.call(step)]);
      if (both.some((one) => fault(step, 'concurrently', one) !== undefined)) run.good(step, await run.call(step));
      await run.sameView(step, step);
    }
  }),

  aborted: scenario('aborted', async (run) => {
    for (const step of run.steps) {
      if (run.mayDisturb(step)) run.good(step, await run.overtaken(step, () => run.call(step)));
      else await run.call(step);
      if (run.mayDisturb(step)) await run.sameView(step, step);
    }
  }),

  releaseOfNothing: scenario('releaseOfNothing', async (run) => {
    if (!run.mayDisturb('release')) return;
    run.good('release', await run.call('release'));
    await run.sameView('release', 'nothing', 'release');
  }),

  releaseOfHalf: scenario('releaseOfHalf', async (run) => {
    if (!run.mayDisturb('release')) return;
    await run.overtaken('provision', async () => undefined);
    run.good('release', await run.call('release'));
    await run.sameView('release', 'release');
  }),

  releaseOnceMore: scenario('releaseOnceMore', async (run) => {
    if (!run.mayDisturb('release')) return;
    await run.until('release');
    await run.call('release');
    run.good('release', await run.call('releaseOnceMore'));
    await run.sameView('release', 'release');
  }),

  cleanUp: scenario('cleanUp', async (run) => {
    if (!run.mayDisturb('release') || !run.mayDisturb('provision')) return;
    await run.call('provision'); // answered too late: the purchase has failed
    run.good('cleanUp', await run.call('cleanUp'));
    await run.sameView('cleanUp', 'nothing', 'release');
    run.good('provisionAnew', await run.call('provisionAnew'));
    await run.sameView('provisionAnew', 'provision');
    run.good('release', await run.call('release'));
    await run.sameView('release', 'release');
  }),

  older: scenario('older', async (run) => {
    for (const step of run.steps) {
      await run.call(step);
      for (const older of OLDER[step] ?? []) {
        if (!run.steps.includes(older) || !run.mayDisturb(older)) continue;
        run.good(older, await run.call(older));
        await run.sameView(older, step);
      }
    }
  }),

  sameEnd: scenario('sameEnd', async (run) => {
    if (!run.steps.includes('renewAgain') || !run.mayDisturb('renew')) return;
    await run.until('renewAgain');
    await run.call('renewAgain');
    run.good('renew', await run.call('renewToTheSameEnd'));
    await run.sameView('renew', 'renewAgain');
  }),

  whileFrozen: scenario('whileFrozen', async (run) => {
    if (!run.steps.includes('freeze')) return;
    const before = run.steps.slice(0, run.steps.indexOf('freeze'));
    const first: readonly Step[] = before.filter((step) => step === 'provision' || step === 'issueLicense');
    for (const step of first) await run.call(step);
    await run.call('freeze');
    const rest = before.filter((step) => !first.includes(step));
    for (const step of rest) {
      const result = await run.call(step);
      if (run.mayDisturb(step)) run.good(step, result);
    }
    const last = rest.at(-1);
    if (last !== undefined && rest.every((step) => run.mayDisturb(step))) await run.sameView(last, 'freeze');
  }),

  afterRelease: scenario('afterRelease', async (run) => {
    await run.until('release');
    await run.call('release');
    for (const late of TOO_LATE) {
      if (!run.mayDisturb(late) || !run.steps.some((step) => HOOK_OF[step] === HOOK_OF[late])) continue;
      await run.call(late); // may fail or throw: nobody waits for it any more
      await run.sameView(late, 'release');
    }
  }),

  lateProvision: scenario('lateProvision', async (run) => {
    if (!run.mayDisturb('provision')) return;
    await run.overtaken('provision', () => run.call('release'));
    await run.sameView('provision', 'release');
  }),
};

/** The undisturbed life. Steps whose hook is absent, or answers that it cannot, are left out of all lives. */
export async function undisturbed(check: CheckContext): Promise<Reference & { readonly skipped: readonly string[] }> {
  const possible = LIFE.filter((step) => check.seller[HOOK_OF[step] as keyof CheckContext['seller']] !== undefined);
  const steps: Step[] = [];
  const views = new Map<Step | 'nothing', unknown>();
  const run = new Run(check);
  views.set('nothing', await run.view());
  for (const step of possible) {
    const result = await run.call(step);
    if ('error' in result) throw new UndisturbedFailure(HOOK_OF[step], result.error);
    const { failed, refused } = Object(result.answer) as { readonly failed?: unknown; readonly refused?: unknown };
    if (failed !== undefined || refused !== undefined) {
      if (step === 'provision' || step === 'release') throw new UndisturbedFailure(HOOK_OF[step], failed ?? refused);
      continue;
    }
    steps.push(step);
    views.set(step, await run.view());
  }
  return {
    steps,
    views,
    skipped: [...new Set(LIFE.filter((step) => !steps.includes(step)).map((step) => HOOK_OF[step]))],
  };
}

/** Thrown when a hook fails without any disturbance, so that nothing can be compared with it. */
export class UndisturbedFailure extends Error {
  override readonly name = 'UndisturbedFailure';
  readonly hook: string;

  constructor(hook: string, cause: unknown) {
    super(hook, { cause });
    this.hook = hook;
  }
}
