/**
 * Stands in for `mnemonist/lru-cache` in the bundles: what the SDK's endpoint cache uses of it, on a Map, which keeps
 * its keys in the order they were last set.
 */
module.exports = class LRUCache {
  #capacity;
  #items = new Map();

  constructor(capacity) {
    this.#capacity = capacity;
  }

  has(key) {
    return this.#items.has(key);
  }

  peek(key) {
    return this.#items.get(key);
  }

  get(key) {
    if (!this.#items.has(key)) return undefined;
    const value = this.#items.get(key);
    this.set(key, value);
    return value;
  }

  set(key, value) {
    this.#items.delete(key);
    this.#items.set(key, value);
    if (this.#items.size > this.#capacity) this.#items.delete(this.#items.keys().next().value);
  }

  clear() {
    this.#items.clear();
  }
};
