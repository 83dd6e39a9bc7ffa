/** Something that waits until it is told to go on. */
export interface Gate {
  /** Resolves when somebody waits at it. */
  readonly reached: Promise<void>;
  /** To be awaited by whoever is to wait. */
  pass(): Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const [arrival, opening] = [later(), later()];
  return {
    reached: arrival.promise,
    pass: () => {
      arrival.resolve();
      return opening.promise;
    },
    open: () => opening.resolve(),
  };
}

function later(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
