/**
 * The tests that only `npm run test:all` runs, by file or folder, each with its reason: what they try changes with the world outside, and not with each
 * change of the code. `npm test` runs all others.
 */
export const OUTSIDE: Readonly<Record<string, string>> = {
  'e2e/attacks/slow-clients.e2e.ts': 'Thousands of connections, and the limits of the kernel.',
  'e2e/attacks/stolen-backup.e2e.ts':
    'A whole backup and restore by the command; their parts have tests with a database.',
  'e2e/bounces.e2e.ts': 'A mailbox of Dovecot.',
  'e2e/browsers/': 'Firefox, WebKit, and the screen reader Orca, which speaks as long as it takes.',
  'e2e/case-kills.e2e.ts': 'kill -9 in the middle of cases.',
  'e2e/failover.e2e.ts': 'A primary of PostgreSQL that dies, and a standby that is promoted.',
  'e2e/killed.e2e.ts': 'kill -9 of each of four processes behind each of three proxies.',
  'e2e/kills.e2e.ts': 'kill -9 of the server and of its database, again and again.',
  'e2e/living-demo.e2e.ts': 'A demo for a stranger, as long as something of it happens.',
  'e2e/outages.e2e.ts': 'A database that goes, freezes and comes back, and a full disk.',
  'e2e/packages/': 'Packages that are built and installed.',
  'e2e/patroni.e2e.ts': 'A fail-over by Patroni, etcd and HAProxy.',
  'e2e/point-in-time.e2e.ts': 'An archive of pgBackRest.',
  'e2e/proxies.e2e.ts': 'nginx, Caddy and HAProxy with the files of deploy/.',
  'e2e/reading.e2e.ts': 'A standby that is read, and falls behind.',
  'e2e/refusals.e2e.ts':
    'A port, a folder, a database or variables that are not as they should be.',
  'e2e/room-network.e2e.ts': 'Networks in namespaces, with outages as long as they last.',
  'e2e/several.e2e.ts': 'Two machines behind each of three proxies.',
  'e2e/sleeping-towns.e2e.ts': 'Towns that fall asleep after a time.',
  'e2e/upgrade.e2e.ts': 'An upgrade from the last release under load, and back.',
};

/** Returns whether only `npm run test:all` runs a test file. Pure. */
export const isOutside = (path: string): boolean =>
  Object.keys(OUTSIDE).some((each) => (each.endsWith('/') ? path.startsWith(each) : path === each));

/** The patterns for vitest of all that is outside. */
export const OUTSIDE_PATTERNS: readonly string[] = Object.keys(OUTSIDE).map((each) =>
  each.endsWith('/') ? `${each}**/*.e2e.{ts,tsx}` : each,
);
