/**
 * A function that makes something of an object once and knows it from then on, as long as the object lives.
 * @param make is asked again where it answered undefined or threw.
 */
export function once<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return (from) => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const to = make(from);
    made.set(from, to);
    return to;
  };
}
