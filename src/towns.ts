import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { type Config, ConfigError, readConfig } from './config.ts';
import type { BackupSettings } from './lib/backup/settings.ts';
import { formatHost, readAddress } from './lib/db/hosts/address.ts';
import { PlainError } from './lib/plain-error.ts';

/** A town that this process serves. */
export interface TownConfig {
  /** The name of its file, also for `--town`; null: it is the only one. */
  name: string | null;
  config: Config;
}

/** Returns the database on each server of an address, without the login. */
const databasesOf = (url: string): string[] => {
  const { hosts, urls } = readAddress(url) ?? { hosts: [], urls: [] };
  return hosts.map((each, index) => `${formatHost(each)}${new URL(urls[index]!).pathname}`);
};

type Env = Record<string, string | undefined>;

/** Returns the environment as `--lan` has it: an address that LAN names stays. */
export const askedForLan = (env: Env, isAsked: boolean | undefined): Env =>
  isAsked ? { ...env, LAN: env.LAN || '1' } : env;

/**
 * Returns whether the words after the server's command ask to serve the own network, which is all that they can say.
 * @throws PlainError for any other
 */
export function isLanIn(args: readonly string[]): boolean {
  try {
    const { values } = parseArgs({ args: [...args], options: { lan: { type: 'boolean' } } });
    return values.lan === true;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new PlainError(
      `The server knows only --lan, for a demo that telephones of the own network see, and not: ${args.join(' ')}\nEverything else is set by the environment (docs/operating.md).`,
    );
  }
}

/** Settings of the whole process, which a town's file can't have. */
const OF_THE_PROCESS = [
  ...['PORT', 'HOST', 'ROLES', 'DEMO', 'CLOCK', 'LOG_LEVEL', 'METRICS_TOKEN', 'METRICS_TOKEN_FILE'],
  ...['TRUSTED_PROXIES', 'TOWNS', 'TOWN', 'RUN_AS', 'DRAIN_SECONDS', 'LAN', 'LAN_PORT'],
  ...['DATABASE_CONNECTIONS', 'TOWN_IDLE_SECONDS'],
];

/** The settings that two towns must not share: otherwise citizens, documents, links or staff of one would become the other's. */
const OWN: Record<string, (config: Config) => string | readonly string[] | null> = {
  // Cookies don't distinguish ports.
  BASE_URL: ({ baseUrl }) => new URL(baseUrl).hostname,
  DATA_DIR: ({ dataDir }) => dataDir,
  DATABASE_URL: ({ databaseUrl }) => databaseUrl && databasesOf(databaseUrl),
  DATABASE_OWNER_URL: ({ databaseOwnerUrl }) => databaseOwnerUrl && databasesOf(databaseOwnerUrl),
  DATABASE_READ_URL: ({ databaseReadUrl }) => databaseReadUrl && databasesOf(databaseReadUrl),
  DATABASE_POOLER_URL: ({ databasePoolerUrl }) =>
    databasePoolerUrl && databasesOf(databasePoolerUrl),
  INSTALLATION_KEY: ({ installationKey }) => installationKey,
  S3_BUCKET: ({ s3 }) => s3 && `${s3.endpoint ?? ''} ${s3.bucket}`,
  BOUNCES_URL: ({ bouncesUrl }) => bouncesUrl,
  TOWN_FILE: ({ townFile }) => townFile,
};

/**
 * Returns the towns to serve: the files in the folder TOWNS, else the one in the environment. A setting that a file lacks comes from the
 * environment, where {town} stands for the town's name. With TOWN, returns only this one. @throws ConfigError with every mistake of every
 * file
 */
export function readTowns(env: Env): TownConfig[] {
  const { TOWNS: folder, TOWN: asked, ...common } = env;
  if (!folder) {
    if (asked) throw new ConfigError(['TOWN says which of the towns of TOWNS, which is not set.']);
    return [{ name: null, config: readConfig(common) }];
  }
  const mistakes: string[] = [];
  if (common.LAN && common.LAN !== '0')
    mistakes.push('LAN shows one demo to the own network, so it does not go with TOWNS.');
  const towns = filesOf(folder).map((file) => readOne(file, common, mistakes));
  const whole = behindTheSame(towns.filter((each) => each !== null));
  const chosen = asked ? whole.filter(({ name }) => name === asked) : whole;
  if (asked && !towns.some((each) => each === null) && chosen.length === 0)
    mistakes.push(`TOWN is ${asked}, which has no file in ${folder}.`);
  mistakes.push(...shared(whole));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return chosen;
}

/** Returns the one town of a command. @throws ConfigError when the town is ambiguous */
export function readTown(env: Env): Config {
  const towns = readTowns(env);
  const [one, ...others] = towns;
  if (one && others.length === 0) return one.config;
  const names = towns.map(({ name }) => name).join(', ');
  throw new ConfigError([`TOWNS has several: say which with --town NAME or TOWN (${names}).`]);
}

/** @throws ConfigError when the folder doesn't exist, or has no town */
function filesOf(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`TOWNS names ${folder}, which can't be read (${code}).`]);
  }
  const files = names.filter((each) => each.endsWith('.env') && !each.startsWith('.')).sort();
  if (files.length > 0) return files.map((each) => join(folder, each));
  throw new ConfigError([`TOWNS names ${folder}, which has no file such as vilaclara.env.`]);
}

function readOne(file: string, common: Env, mistakes: string[]): TownConfig | null {
  const name = basename(file, '.env');
  const say = (words: string): null => {
    mistakes.push(`${basename(file)}: ${words}`);
    return null;
  };
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    return say('a town is called by small letters, digits and hyphens.');
  const own = parsed(file, say);
  if (!own) return null;
  const foreign = OF_THE_PROCESS.filter((each) => own[each]);
  for (const each of foreign) say(`${each} is said for all towns together, in the environment.`);
  if (!own.BASE_URL && !own.BASE_URL_FILE) return say('BASE_URL must say its own address.');
  try {
    const config = readConfig({ ...inherited(common, name, own), ...own });
    return { name, config: { ...config, backups: spread(config.backups, config.baseUrl) } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const each of error.mistakes) say(each);
    return null;
  }
}

/** Returns the towns as one process has them: where people of one come through a web server here, all requests do. */
function behindTheSame(towns: readonly TownConfig[]): TownConfig[] {
  const trustedProxies = Math.max(0, ...towns.map(({ config }) => config.trustedProxies));
  return towns.map((each) => ({ ...each, config: { ...each.config, trustedProxies } }));
}

/** Spreads the backups of many towns over the hour that begins at the one that was set: each town has its own minute of it. */
function spread(backups: BackupSettings | null, baseUrl: string): BackupSettings | null {
  if (!backups) return null;
  const minutes = createHash('sha256').update(baseUrl).digest().readUInt32BE() % 60;
  return { ...backups, at: backups.at.add({ minutes }) };
}

/** Returns the environment's settings for a town that lacks them: each has its own folder in DATA_DIR. */
function inherited(common: Env, name: string, own: Env): Env {
  const variableOf = (key: string) => key.replace(/_FILE$/, '');
  const said = new Set(Object.keys(own).map(variableOf));
  const { DATA_DIR = 'data', ...others } = common;
  const all = {
    ...others,
    DATA_DIR: DATA_DIR.includes('{town}') ? DATA_DIR : join(DATA_DIR, name),
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => !said.has(variableOf(key)))
      .map(([key, text]) => [key, text?.replaceAll('{town}', name)]),
  );
}

function parsed(file: string, say: (words: string) => null): Env | null {
  try {
    return parseEnv(readFileSync(resolve(file), 'utf8'));
  } catch (error) {
    return say(`it can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function shared(towns: readonly TownConfig[]): string[] {
  return Object.entries(OWN).flatMap(([variable, own]) => {
    const first = new Map<string, string | null>();
    return towns.flatMap(({ name, config }) => {
      const values = [own(config) ?? []].flat();
      const other = values.map((each) => first.get(each)).find((each) => each !== undefined);
      for (const each of values) if (!first.has(each)) first.set(each, name);
      return other === undefined
        ? []
        : [`${name}.env: ${variable} is that of ${other}.env; each town has its own.`];
    });
  });
}
