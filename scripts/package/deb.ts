import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { complete, type Entry, folder, link, textFile } from './entries.ts';
import { writeChunks } from './files.ts';
import { debianLauncher } from './launcher.ts';
import { helpOf, manualPage } from './man.ts';
import { tarOf } from './tar.ts';
import type { Version } from './version.ts';

/** Debian's names of the platforms. */
const ARCHITECTURES: Record<string, string> = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' };

/** What the programs in the package load: Node.js (glibc 2.28, libstdc++, libatomic), and what makes the account. */
const DEPENDS = [
  ...['libc6 (>= 2.28)', 'libstdc++6 (>= 9)', 'libgcc-s1', 'libatomic1'],
  ...['init-system-helpers (>= 1.54)', 'systemd | systemd-standalone-sysusers | systemd-sysusers'],
];

/** What a Debian package is made from. */
export interface DebOptions {
  /** The project's folder. */
  root: string;
  /** As `linux-x64`. */
  platform: string;
  version: Version;
  /** The program's folder, as `programTree` returns it. */
  tree: readonly Entry[];
}

/** Returns Debian's name of the package's file. */
export const debName = ({ platform, version }: Pick<DebOptions, 'platform' | 'version'>): string =>
  `finestreta_${version.debian}_${ARCHITECTURES[platform]}.deb`;

/**
 * Writes a Debian package: an archive of `ar` with the form's number, what dpkg must know, and the files (deb(5)).
 * @param file where it is written
 * @param options `work`: a folder for what is made on the way
 */
export async function writeDeb(
  file: string,
  options: DebOptions & { work: string },
): Promise<void> {
  const { time } = options.version;
  const data = debianFiles(options);
  const archive = join(options.work, 'data.tar.zst');
  await writeChunks(archive, tarOf(data, { time, prefix: './' }), 'zstd');
  const control = Buffer.concat([...tarOf(controlFiles(options, data), { time, prefix: './' })]);
  writeFileSync(
    file,
    arOf(time, [
      ['debian-binary', Buffer.from('2.0\n')],
      ['control.tar.gz', gzipSync(control, { level: 9 })],
      ['data.tar.zst', readFileSync(archive)],
    ]),
  );
}

/** What a web server before the service needs (docs/web-server.md). */
const PROXIES = ['nginx.conf', 'Caddyfile', 'haproxy.cfg', 'away.html'];

/** What a PostgreSQL server of one's own needs to be backed up all the time, and to have another in its place (docs/database.md). */
const POSTGRES = [
  ...['archive.conf', 'pgbackrest.conf'],
  ...['certificates.sh', 'etcd', 'patroni.yml', 'haproxy.cfg'],
];

/** Returns the files that the package puts on a machine. */
export function debianFiles({ root, platform, version, tree }: DebOptions): Entry[] {
  const home = 'usr/lib/finestreta';
  const doc = 'usr/share/doc/finestreta';
  const from = (name: string, path: string, mode = 0o644) =>
    textFile(path, readFileSync(join(root, name)), mode);
  const program = tree
    .filter(({ path }) => !/^(docs\/|deploy\/|bin\/|(README|CHANGELOG|SECURITY)\.md$)/.test(path))
    .map((entry) => ({ ...entry, path: `${home}/${entry.path}` }));
  const manual = manualPage(helpOf(root), version);
  return [
    ...program,
    textFile('usr/bin/finestreta', debianLauncher(`node_modules/node-${platform}/bin/node`), 0o755),
    folder('etc/finestreta'),
    from('deploy/debian/finestreta.env', 'etc/finestreta/finestreta.env', 0o640),
    from('deploy/debian/finestreta.service', 'usr/lib/systemd/system/finestreta.service'),
    from('deploy/debian/sysusers.conf', 'usr/lib/sysusers.d/finestreta.conf'),
    textFile('usr/share/man/man1/finestreta.1.gz', gzipSync(manual, { level: 9 })),
    ...tree
      .filter(({ path }) => /^docs\/[^/]+$/.test(path))
      .map((entry) => ({ ...entry, path: entry.path.replace('docs', doc) })),
    from('README.md', `${doc}/README.md`),
    from('towns/vilaclara.yaml', `${doc}/examples/vilaclara.yaml`),
    ...PROXIES.map((name) => from(`deploy/proxies/${name}`, `${doc}/examples/proxies/${name}`)),
    ...POSTGRES.map((name) => from(`deploy/postgres/${name}`, `${doc}/examples/postgres/${name}`)),
    from('LICENSE', `${doc}/copyright`),
    textFile(
      `${doc}/changelog.gz`,
      gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }),
    ),
    link(`${doc}/examples/forms`, '../../../../lib/finestreta/towns/vilaclara/forms'),
  ];
}

function controlFiles(options: DebOptions, data: readonly Entry[]): Entry[] {
  const script = (name: string) =>
    textFile(name, readFileSync(join(options.root, 'deploy', 'debian', name)), 0o755);
  return [
    textFile('control', controlOf(options, data)),
    textFile('conffiles', '/etc/finestreta/finestreta.env\n'),
    textFile('md5sums', sumsOf(data)),
    ...['postinst', 'prerm', 'postrm'].map(script),
  ];
}

function controlOf({ platform, version }: DebOptions, data: readonly Entry[]): string {
  const kilobytes = complete(data).reduce(
    (sum, each) => sum + (each.kind === 'file' ? Math.ceil(each.size / 1024) : 1),
    0,
  );
  return `${[
    'Package: finestreta',
    `Version: ${version.debian}`,
    `Architecture: ${ARCHITECTURES[platform]}`,
    'Maintainer: The maintainers of Finestreta <maintainers@finestreta.example>',
    `Installed-Size: ${kilobytes}`,
    `Depends: ${DEPENDS.join(', ')}`,
    'Suggests: caddy | nginx | haproxy, clamav-daemon, coturn, age',
    'Section: web',
    'Priority: optional',
    'Description: appointments by phone, by video and in person with a town hall',
    ' The town hall that calls you: a citizen books a time for a phone call, a video',
    ' call or a visit; at that time an agent of the town calls or receives them,',
    ' answers, and carries out the procedure.',
    ' .',
    ' The package has its own Node.js and PostgreSQL. It starts nothing before there',
    ' is a town file. "finestreta demo" serves a demo town.',
  ].join('\n')}\n`;
}

/** Returns what `dpkg --verify` compares installed files with. The file of settings is not among them: it may be changed. */
const sumsOf = (data: readonly Entry[]): string =>
  complete(data)
    .filter((each) => each.kind === 'file' && !each.path.startsWith('etc/'))
    .map((each) => {
      const content = each.kind === 'file' ? each.read() : Buffer.alloc(0);
      return `${createHash('md5').update(content).digest('hex')}  ${each.path}\n`;
    })
    .join('');

/** Returns an archive of `ar` in its common form. */
export function arOf(time: number, members: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = members.flatMap(([name, content]) => [
    Buffer.from(
      [
        name.padEnd(16),
        String(time).padEnd(12),
        '0'.padEnd(6),
        '0'.padEnd(6),
        '100644'.padEnd(8),
        String(content.length).padEnd(10),
        '`\n',
      ].join(''),
    ),
    content,
    Buffer.alloc(content.length % 2, '\n'),
  ]);
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}
