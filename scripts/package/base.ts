import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './sbom.ts';

/** The release of Debian under the image, and what Node.js and PostgreSQL load beyond its smallest form. */
const SUITE = 'trixie';
const INCLUDE = ['libatomic1', 'libstdc++6', 'tini'];

/** Debian's own documents, which nothing in an image reads; licences stay. */
const DROPPED = [
  ...['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*', '/usr/share/lintian/*'],
  ...['/usr/share/doc/*', '/var/cache/*', '/var/log/*', '/var/lib/apt/lists/*'],
];

/**
 * Writes the base of the image, a Debian without an installer (`mmdebstrap`, Debian's own tool), as a tar archive. The same packages and time
 * give the same bytes. Which packages there are is what the machine's mirror has on that day: DEBIAN_SNAPSHOT names another one, such as an
 * address of snapshot.debian.org, whose content never changes.
 * @param folder where it is written
 * @param time SOURCE_DATE_EPOCH, in seconds
 * @returns the file
 * @throws when mmdebstrap isn't installed, or fails
 */
export function debianBase(folder: string, time: number, env = process.env): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'base.tar');
  const run = spawnSync(
    'mmdebstrap',
    [
      ...['--variant=essential', '--format=tar', `--include=${INCLUDE.join(',')}`],
      ...['--aptopt=APT::Install-Recommends "false"', '--dpkgopt=force-unsafe-io'],
      ...DROPPED.map((path) => `--dpkgopt=path-exclude=${path}`),
      '--dpkgopt=path-include=/usr/share/doc/*/copyright',
      '--customize-hook=rm -rf "$1"/var/lib/dpkg/*-old "$1"/var/cache/ldconfig/* "$1"/var/log/*',
      ...[SUITE, file, ...sources(env['DEBIAN_SNAPSHOT'])],
    ],
    { encoding: 'utf8', env: { ...env, SOURCE_DATE_EPOCH: String(time) } },
  );
  if (run.error) throw new Error('The image needs mmdebstrap (Debian: apt install mmdebstrap).');
  if (run.status !== 0) throw new Error(`mmdebstrap failed:\n${run.stderr.slice(-2000)}`);
  return file;
}

/** Returns where packages come from: the address that is asked for, else this machine's own settings of that release. */
function sources(snapshot: string | undefined): string[] {
  if (snapshot) return [snapshot];
  const own = '/etc/apt/sources.list.d/debian.sources';
  return existsSync(own) ? [own] : [];
}

/** Returns the packages of Debian in a base, from its list of installed ones, for the bill of materials. */
export function debianComponents(status: string): Component[] {
  return status
    .split('\n\n')
    .map((paragraph) => Object.fromEntries(paragraph.split('\n').map(fieldOf)))
    .filter((each) => each['Package'] && each['Status']?.endsWith(' installed'))
    .map(({ Package: name = '', Version: version = '', Architecture: architecture = '' }) => ({
      'bom-ref': `pkg:deb/debian/${name}@${version}`,
      type: 'library',
      name,
      version,
      purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=${SUITE}`,
    }));
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return colon > 0 && !line.startsWith(' ')
    ? [line.slice(0, colon), line.slice(colon + 2)]
    : ['', ''];
}
