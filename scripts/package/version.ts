import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which state of the project a package is made from. */
export interface Version {
  /** As in the names of files: `0.1.0` of the tag, `0.1.0-dev.20261130T054100.gabc1234` of another commit. */
  name: string;
  /** The same for Debian, whose `~` comes before the release: `0.1.0~dev.20261130T054100.gabc1234`. */
  debian: string;
  /** What the page on the software shows: `git describe`. */
  revision: string;
  /** When it was committed, in seconds since 1970: the time of every file in a package (SOURCE_DATE_EPOCH). */
  time: number;
}

/** The facts about the work tree that decide the version. */
export interface TreeFacts {
  /** The version in package.json. */
  version: string;
  /** The tags of the commit. */
  tags: readonly string[];
  commit: string;
  /** Whether something differs from the commit. */
  isChanged: boolean;
  time: number;
}

/** Returns the version of a work tree. Only a clean commit with the tag `v<version>` is a release. */
export function versionOf({ version, tags, commit, isChanged, time }: TreeFacts): Version {
  const short = commit.slice(0, 8);
  if (tags.includes(`v${version}`) && !isChanged)
    return { name: version, debian: version, revision: `v${version}`, time };
  const moment = Temporal.Instant.fromEpochMilliseconds(time * 1000).toString();
  const day = moment.replace(/[-:Z]/g, '');
  const suffix = `dev.${day}.g${short}${isChanged ? '.changed' : ''}`;
  const revision = `v${version}-dev-g${short}${isChanged ? '-dirty' : ''}`;
  return { name: `${version}-${suffix}`, debian: `${version}~${suffix}`, revision, time };
}

/** Reads the version of the work tree in a folder. SOURCE_DATE_EPOCH in the environment replaces the commit's time. */
export function readVersion(root: string, env: NodeJS.ProcessEnv = process.env): Version {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      // Another git may be at work in the folder.
      env: { ...env, GIT_OPTIONAL_LOCKS: '0' },
    }).trim();
  const time = Number(env['SOURCE_DATE_EPOCH'] || git('log', '-1', '--format=%ct'));
  if (!Number.isSafeInteger(time) || time < 0) throw new Error('SOURCE_DATE_EPOCH is no time.');
  return versionOf({
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    tags: git('tag', '--points-at', 'HEAD').split('\n'),
    commit: git('rev-parse', 'HEAD'),
    isChanged: git('status', '--porcelain') !== '',
    time,
  });
}
