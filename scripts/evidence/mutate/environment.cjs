const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's environment for a mutant: tells the tests' bundle which tests are asked for, so that it loads no other file, and
 * stops at the first that fails, since the mutant is noticed then.
 */
module.exports = class FailFastEnvironment extends TestEnvironment {
  handleTestEvent(event, { rootDescribeBlock }) {
    if (event.name === 'setup') this.global.testNamePattern = event.testNamePattern;
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') skip(rootDescribeBlock);
  }
};

function skip(block) {
  block.mode = 'skip';
  for (const child of block.children ?? []) skip(child);
}
