import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string | string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = new URL('../../.github/workflows/', import.meta.url);
const text = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const workflow = (file: string): Workflow => parse(text(file));
const commands = (job: Job | undefined) => job?.steps?.flatMap(({ run }) => run ?? []);

const files = readdirSync(folder);

describe.each(files)('%s', (file) => {
  const { jobs, permissions } = workflow(file);

  test('takes actions of others by commit alone, and says which version that is', () => {
    const lines = text(file).match(/^.*\buses:.*$/gm) ?? [];
    for (const line of lines.filter((one) => !/uses: \.\//.test(one))) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    expect(lines.length).toBeGreaterThan(0);
  });

  test('may read the code, and no more unless a job says so', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('leaves no token of the repository behind', () => {
    const checkouts = Object.values(jobs).flatMap(({ steps = [] }) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    for (const checkout of checkouts) expect(checkout.with?.['persist-credentials']).toBe(false);
  });

  test('uses no stored key, and puts no input into a command', () => {
    expect(text(file)).not.toMatch(/secrets\.|AWS_SECRET_ACCESS_KEY|aws-secret-access-key/);
    for (const job of Object.values(jobs)) {
      for (const command of commands(job) ?? []) expect(command).not.toContain('${{');
    }
  });
});

test('CI runs the quick lane for a first answer, and beside it the lane of everything', () => {
  const { test: quick, everything } = workflow('ci.yml').jobs;
  expect(commands(quick)).toEqual(['npm ci', 'npm test']);
  expect(commands(everything)).toEqual(['.ci/run']);
});

test('every night the proofs run on a fresh installation, and what is shipped is held against new advisories', () => {
  const { jobs } = workflow('nightly.yml');
  expect(commands(jobs.prove)).toEqual(['npm ci', 'npm run prove']);
  expect(commands(jobs.audit)).toEqual(['npm audit --omit=dev --audit-level=high --package-lock-only']);
});

describe('the deployment', () => {
  const { test: tests, deploy } = workflow('deploy.yml').jobs;

  test('waits for the tests', () => {
    expect(tests?.uses).toBe('./.github/workflows/ci.yml');
    expect(deploy?.needs).toBe('test');
  });

  test('asks for an identity token, and takes its role with it', () => {
    expect(deploy?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(deploy?.environment).toContain('inputs.stage');
    const credentials = deploy?.steps?.find(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
    expect(credentials?.with?.['role-to-assume']).toMatch(/^\$\{\{ vars\.AWS_DEPLOY_ROLE \}\}$/);
    expect(credentials?.with).not.toHaveProperty('aws-access-key-id');
  });

  test('deploys the stage, after a clean installation, to the region that the settings name', () => {
    expect(commands(deploy)).toEqual([
      'npm ci',
      'echo "region=$(npx serverless print --stage "$STAGE" --path provider.region --format text)" >> "$GITHUB_OUTPUT"',
      'npm run deploy -- --stage "$STAGE"',
    ]);
    const credentials = deploy?.steps?.find(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
    expect(credentials?.with?.['aws-region']).toMatch(/^\$\{\{ steps\.settings\.outputs\.region \}\}$/);
  });

  test('takes no settings of the seller from the environment', () => {
    expect(text('deploy.yml').match(/vars\.\w+|KOOGATE_\w+/g)).toEqual(['vars.AWS_DEPLOY_ROLE']);
  });
});

describe('the release', () => {
  const { test: tests, release } = workflow('release.yml').jobs;

  test('waits for the tests, and starts from a version’s tag alone', () => {
    expect(tests?.uses).toBe('./.github/workflows/ci.yml');
    expect(release?.needs).toBe('test');
    expect(parse(text('release.yml')).on).toEqual({ push: { tags: ['v*'] } });
  });

  test('goes from a clean installation over packages and their list of parts to the registry, and to the notes', () => {
    expect(commands(release)).toEqual([
      'npm ci',
      'npm run pack -- --out packages',
      'npm sbom --sbom-format cyclonedx --omit dev > packages/koogate.cdx.json',
      'npm run release -- --tag "$TAG" --packages packages --notes notes.md',
      'gh release create "$TAG" --verify-tag --title "$TAG" --notes-file notes.md packages/*',
    ]);
    expect(release?.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
  });
});

test('dependencies are raised once a week, in groups, wherever a manifest lies', () => {
  const { updates } = parse(text('../dependabot.yml')) as {
    readonly updates: readonly {
      readonly 'package-ecosystem': string;
      readonly directories?: readonly string[];
      readonly schedule: { readonly interval: string };
      readonly groups: object;
    }[];
  };
  for (const { schedule, groups } of updates) {
    expect(schedule.interval).toBe('weekly');
    expect(Object.keys(groups)).not.toEqual([]);
  }
  const [npm] = updates.filter((one) => one['package-ecosystem'] === 'npm');
  for (const directory of npm?.directories ?? []) {
    expect(existsSync(new URL(`../..${directory.replace(/\/?$/, '/')}package.json`, folder))).toBe(true);
  }
  expect(npm?.directories).toHaveLength(2);
});
