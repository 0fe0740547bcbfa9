import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, ConfigError } from '../../config.ts';
import { findAccount, formatAccount } from '../../lib/accounts.ts';
import { drillFolder, isDrillLeft } from '../../lib/backup/drill-folder.ts';
import { formatPlain } from '../../lib/encryption.ts';
import { isLoopback, isLoopbackHost } from '../../lib/http/loopback.ts';
import { PlainError } from '../../lib/plain-error.ts';
import { keyFile, readStoredKey } from '../../lib/secrets.ts';
import { chooseAccount } from '../../run-as.ts';
import { type Finding, right, warning, wrong } from './report.ts';

const NODE_MAJOR = 26;

/** Checks that this Node can run the service: `Temporal` is part of it from 26 on. */
export function aboutNode(version: string): Finding {
  return Number.parseInt(version, 10) >= NODE_MAJOR
    ? right(`Node ${version}.`)
    : wrong(
        `This is Node ${version}.`,
        `Use Node ${NODE_MAJOR} or newer; npm brings one where it can.`,
      );
}

/** Returns every mistake in the environment, or the configuration. */
export function aboutEnvironment(read: () => Config): {
  config: Config | null;
  findings: Finding[];
} {
  try {
    const config = read();
    return { config, findings: [right('The environment has no mistake.'), ...choicesOf(config)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.mistakes.map((each) => wrong(each));
    return {
      config: null,
      findings: [...findings, wrong('Nothing else can be looked at before that is mended.')],
    };
  }
}

/** Reports choices that are allowed but may be unintended. Pure. */
export function choicesOf(config: Config): Finding[] {
  const { baseUrl, trustedProxies, host, demo, clock } = config;
  const isPublic = !isLoopback(baseUrl);
  const findings: Finding[] = [];
  if (!isPublic) {
    findings.push(
      demo
        ? warning(
            'Demo mode: passwords, tokens and mails are shown on /demo.',
            'For a real town set BASE_URL, SMTP_URL and TOWN_FILE (docs/operating.md).',
          )
        : warning(
            `BASE_URL is ${baseUrl}, so links in mails lead nowhere but on this machine.`,
            'Set BASE_URL to the address that citizens use.',
          ),
    );
  } else findings.push(right(`Citizens come to ${baseUrl}.`));
  if (isPublic && trustedProxies === 0) {
    findings.push(
      warning(
        'TRUSTED_PROXIES is 0. Behind a proxy, that makes all people one for the limits against floods.',
        'Set TRUSTED_PROXIES=1 where one web server stands before Finestreta.',
      ),
    );
  }
  if (trustedProxies > 0 && !isLoopbackHost(host)) {
    findings.push(
      warning(
        `HOST is ${host} and TRUSTED_PROXIES ${trustedProxies}: who reaches the port past the proxy can pretend any address.`,
        'Let the firewall allow the proxy only, or set HOST=127.0.0.1 where the proxy is on this machine.',
      ),
    );
  }
  for (const name of config.withoutTls) {
    findings.push(
      warning(formatPlain(name), 'Have TLS there, and take the name out of WITHOUT_TLS.'),
    );
  }
  if (!demo) findings.push(...withoutServices(config));
  if (clock) findings.push(warning(`CLOCK: the service began at ${clock}, not now.`));
  return findings;
}

/** Reports services that a real town needs and that aren't configured. */
function withoutServices({ smtpUrl, clamd }: Config): Finding[] {
  const noMail = warning(
    'SMTP_URL is not set: nobody gets a mail, notices wait in the outbox.',
    'Set SMTP_URL to your mail server.',
  );
  const noAntivirus = warning(
    'CLAMD is not set: documents are checked, but nobody looks for known malware in them.',
    'Install ClamAV and set CLAMD (docs/operating.md, Antivirus).',
  );
  return [...(smtpUrl ? [] : [noMail]), ...(clamd ? [] : [noAntivirus])];
}

const MB = 1024 * 1024;

/** Checks that the data folder can be written and has free space. */
export function aboutDataFolder({ dataDir }: Pick<Config, 'dataDir'>): Finding[] {
  let folder = dataDir;
  while (!exists(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return [
      wrong(
        folder === dataDir
          ? `The data folder ${dataDir} can't be written by this user.`
          : `The data folder ${dataDir} isn't there, and this user can't make it in ${folder}.`,
        'Give the folder to the user who runs Finestreta (chown), or set DATA_DIR.',
      ),
    ];
  }
  return [
    right(`The data folder ${dataDir} can be written.`),
    aboutFreeSpace(statfsSync(folder), dataDir),
    ...(isDrillLeft(dataDir) ? [aboutDrillLeft(dataDir)] : []),
  ];
}

/** A drill that was killed leaves everybody's data, also what was erased since. */
const aboutDrillLeft = (dataDir: string): Finding =>
  warning(
    `A drill that was ended has left a restored database in ${drillFolder(dataDir)}.`,
    'Remove that folder, or start the service again: it does so.',
  );

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

export function aboutFreeSpace(disk: { bavail: number; bsize: number }, folder: string): Finding {
  const free = Math.floor((disk.bavail * disk.bsize) / MB);
  const words = free < 10_240 ? `${free} MB` : `${Math.floor(free / 1024)} GB`;
  const todo = 'Free some space, or move DATA_DIR to a larger disk.';
  if (free < 200) return wrong(`The disk of ${folder} has only ${words} left.`, todo);
  if (free < 1024) return warning(`The disk of ${folder} has ${words} left.`, todo);
  return right(`The disk has ${words} free.`);
}

/** Reports the account of the server. */
export function aboutAccount(config: Config, isRoot: boolean): Finding {
  if (!isRoot) {
    const own = findAccount(`${process.getuid?.()}:${process.getgid?.()}`);
    return right(`This is ${own ? formatAccount(own) : 'an ordinary user'}.`);
  }
  try {
    const { account, why } = chooseAccount([config]);
    return account
      ? right(`Started by root, the server runs as ${formatAccount(account)}: ${why}.`)
      : warning(
          `The server runs as root: ${why}`,
          'Start it as a user without rights (docs/operating.md).',
        );
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return wrong(error.message);
  }
}

/** The remedy for a lost root key, which backups don't contain. */
const BRING_BACK =
  'Before the server starts, put the copy back that key export made (docs/operating.md, "Keys").';

/**
 * Checks that the root key exists, is right, and is readable only by its owner. `isInUse`: the database has data that only this key opens.
 */
export function aboutKey({ dataDir, installationKey, pkcs11 }: Config, isInUse: boolean): Finding {
  if (pkcs11) return right(`The root key is ${pkcs11.key} in the PKCS #11 token ${pkcs11.token}.`);
  if (installationKey) return right('The root key comes from INSTALLATION_KEY.');
  const file = keyFile(dataDir);
  try {
    if (!readStoredKey(dataDir)) {
      return isInUse
        ? wrong(
            `The root key ${file} is gone: without it no link that was sent, no second factor and no document opens.`,
            BRING_BACK,
          )
        : right('The root key is made at the first start.');
    }
  } catch (error) {
    const isOther = (error as NodeJS.ErrnoException).code === 'EACCES';
    return isOther
      ? wrong(`The root key ${file} can't be read.`, 'Run as the user whose it is.')
      : wrong((error as Error).message, BRING_BACK);
  }
  const mode = statSync(file).mode & 0o077;
  return mode === 0
    ? right('The root key is there, and only its owner can read it.')
    : wrong(`Others can read the root key ${file}.`, `chmod 600 ${join(file)}`);
}

/** Reports the difference between the database's clock and this machine's. */
export function aboutClock(here: Temporal.Instant, database: Temporal.Instant): Finding {
  const year = here.toZonedDateTimeISO('UTC').year;
  if (year < 2025 || year > 2100) {
    return wrong(
      `This machine thinks that it is ${here}.`,
      'Set the clock, and let NTP keep it (timedatectl set-ntp true).',
    );
  }
  const apart = Math.round(Math.abs(database.since(here).total('seconds')));
  return apart < 5
    ? right(`The clock says ${here.round('second')}.`)
    : warning(
        `This machine's clock and the database's are ${apart} seconds apart.`,
        'Let NTP keep both (timedatectl set-ntp true).',
      );
}
