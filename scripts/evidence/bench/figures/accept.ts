import { answering, cpuRow, sideBySide } from '../compare.ts';
import { lambdaContext, purchase, signedEvent } from '../events.ts';
import { calls, type Figure } from '../figure.ts';
import { inWorld } from '../world.ts';

/** A purchase that is accepted, and one that comes again, beside R. */
export const accept: Figure = (effort, say) =>
  inWorld(async ({ parameters: { key }, load }) => {
    const [koogate, usual] = [load('produce'), load('reference')];
    const context = lambdaContext();
    const count = calls(effort, 200);
    const known = purchase();
    const compare = (event: () => ReturnType<typeof signedEvent>) =>
      sideBySide(
        answering('KooGate', count, (one) => koogate(one, context), event),
        answering('R', count, (one) => usual(one, context), event),
        effort,
      );

    say('accepted newInstance');
    const first = await compare(() => signedEvent(key, purchase()));
    say('repeated newInstance');
    for (const handler of [koogate, usual]) await handler(signedEvent(key, known), context);
    const again = await compare(() => signedEvent(key, known));
    return [
      cpuRow('CPU per accepted newInstance ÷ R', { atMost: 0.27 }, first, ['KooGate', 'R'], {
        note: 'every middleware on; engine in another process, HTTP without TLS',
      }),
      cpuRow('CPU per repeated newInstance ÷ R’s repeat', { atMost: 0.7, stretch: 0.6 }, again, ['KooGate', 'R']),
    ];
  });
