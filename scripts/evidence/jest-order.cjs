const { default: Sequencer } = require('@jest/test-sequencer');

/** The folders of tests in the order they run: first what is quick and what the rest stands on. */
const FIRST = [
  'types',
  'protocol',
  'middleware',
  'config',
  'secrets',
  'sealing',
  'login',
  'instances',
  'usage',
  'tenants',
];

const rank = ({ path }) => {
  const at = FIRST.findIndex((folder) => path.includes(`/tests/${folder}`));
  return at === -1 ? FIRST.length : at;
};

/** Order of the quick lane: tests that failed last time, then folder by folder, so that a mistake shows early. */
module.exports = class extends Sequencer {
  sort(tests) {
    const failed = (test) => (this.hasFailed(test) ? 0 : 1);
    return [...tests].sort((a, b) => failed(a) - failed(b) || rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }
};
