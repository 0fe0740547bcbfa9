// @ts-check
/**
 * `npm test`: everything that the tests need, then all of them. Arguments go to vitest. The last
 * line is the sum: `N passed, N failed[, N skipped]`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall, isInstalled, main, ROOT, SetupError, say } from './lib/basics.mjs';
import { ensureBuild, ensureDependencies } from './lib/setup.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */

const CHROMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A telephone exchange, its relay for sound, and somebody to call and be called by. */
const EXCHANGE = [
  ...['kamailio', 'kamailio-websocket-modules', 'kamailio-autheph-modules'],
  ...['rtpengine-daemon', 'sip-tester'],
];

const hasExchange = () =>
  ['/usr/sbin/kamailio', '/usr/bin/rtpengine', '/usr/bin/sipp'].every((path) => existsSync(path));

/** Networks of one's own, for calls on bad ones. */
const NETWORKS = ['iproute2', 'nftables'];

const hasNetworks = () => ['ip', 'tc', 'nft'].every((name) => existsSync(`/usr/sbin/${name}`));

await main(async () => {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  try {
    await testAll(sum);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n${error.message}`);
    sum.failed += 1;
  }
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
});

async function testAll(/** @type {Sum} */ sum) {
  const node = await ensureDependencies('all');
  // Without a build there is nothing for a browser to see, but the rules can still be tested.
  const broken = await ensureBuild(node).catch((error) => error);
  const env = await systemPackages();
  const suites = broken ? ['vitest.config.ts'] : ['vitest.config.ts', 'vitest.e2e.config.ts'];
  for (const suite of suites.filter((name) => existsSync(join(ROOT, name)))) {
    const one = await run(node, suite, process.argv.slice(2), env);
    sum.passed += one.passed;
    sum.failed += one.failed;
    sum.skipped += one.skipped;
  }
  if (broken) throw broken;
}

/**
 * Finds a browser and a PostgreSQL server of the system, installing them on Debian as root.
 * @returns {Promise<NodeJS.ProcessEnv>} with CHROME (a program) and POSTGRES_BIN (a folder) where there are
 */
async function systemPackages() {
  const missing = [];
  if (findChrome() === null) missing.push('chromium');
  if (findServer() === null) missing.push('postgresql', 'postgresql-contrib');
  if (!existsSync('/usr/sbin/dovecot')) missing.push('dovecot-imapd');
  if (!hasExchange()) missing.push(...EXCHANGE);
  if (!existsSync('/usr/bin/turnserver')) missing.push('coturn', 'openssl');
  if (!existsSync('/usr/bin/moto_server'))
    missing.push('python3-moto', 'python3-flask', 'python3-flask-cors');
  if (process.platform === 'linux' && !hasNetworks()) missing.push(...NETWORKS);
  if (!existsSync('/usr/sbin/clamd')) missing.push('clamav-daemon');
  if (!existsSync('/usr/lib/softhsm/libsofthsm2.so')) missing.push('softhsm2');
  if (missing.length > 0 && existsSync('/etc/debian_version')) await aptInstall(missing);

  const chrome = findChrome();
  const server = findServer();
  if (chrome === null) {
    say('SKIPPED: the tests in a browser. Install Chrome or Chromium, or set CHROME=/its/program.');
  }
  if (server === null) {
    say(
      'SKIPPED: the tests on a server by DATABASE_URL. Install PostgreSQL 15 or newer (Debian: ' +
        'postgresql), or set POSTGRES_BIN=/folder/of/its/programs.',
    );
  }
  if (!hasExchange()) {
    say(
      `SKIPPED: the telephone calls over SIP. Install Kamailio, rtpengine and SIPp (Debian: ${EXCHANGE.join(' ')}); ` +
        'the tests start their own, on ports of their own.',
    );
  }
  if (process.getuid?.() !== 0 || !hasNetworks()) {
    say(
      `SKIPPED: the calls on bad networks. They take root and ${NETWORKS.join(' and ')}: the tests make networks of ` +
        'their own, which reach nothing outside this machine.',
    );
  }
  return {
    ...process.env,
    ...(chrome === null ? {} : { CHROME: chrome }),
    ...(server === null ? {} : { POSTGRES_BIN: server }),
  };
}

function findChrome() {
  if (process.env.CHROME) return process.env.CHROME;
  const folders = (process.env.PATH ?? '').split(':');
  const all = CHROMES.flatMap((name) =>
    name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name)),
  );
  return all.find((path) => existsSync(path)) ?? null;
}

/** The newest server whose programs, pgbench among them, are all there. */
function findServer() {
  if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  const homebrew = ['/opt/homebrew/opt/postgresql@17/bin', '/usr/local/opt/postgresql@17/bin'];
  return (
    [...folders, ...homebrew].find(
      (folder) =>
        ['postgres', 'initdb'].every((name) => existsSync(join(folder, name))) &&
        (existsSync(join(folder, 'pgbench')) || isInstalled('pgbench')),
    ) ?? null
  );
}

/**
 * Runs one vitest configuration in this terminal and reads its sum.
 * @param {string} node
 * @param {string} config
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Sum>}
 */
async function run(node, config, args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const filtered = args.length > 0 ? ['--passWithNoTests'] : [];
  const child = spawn(
    node,
    [
      ...[vitest, 'run', '--config', config, '--reporter=default', '--reporter=json'],
      ...[`--outputFile.json=${report}`, ...filtered, ...args],
    ],
    { cwd: ROOT, env, stdio: 'inherit' },
  );
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const sum = existsSync(report) ? sumOf(JSON.parse(readFileSync(report, 'utf8'))) : null;
  rmSync(folder, { recursive: true, force: true });
  const { passed, failed, skipped } = sum ?? { passed: 0, failed: 0, skipped: 0 };
  // An error outside any test (an import, a rejection nobody handled) is a failure too.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[] }} report vitest's JSON report
 * @returns {Sum}
 */
function sumOf(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
