import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { debianBase, debianComponents } from './base.ts';
import { type Entry, folder, link, textFile } from './entries.ts';
import { sha256Of, writeChunks } from './files.ts';
import type { Component } from './sbom.ts';
import { tarOf } from './tar.ts';
import type { Version } from './version.ts';

const HOME = 'usr/lib/finestreta';
/** The user number that Finestreta uses where it has no account: no program of Debian has it. */
const USER = 60_999;
const MEDIA = 'application/vnd.oci.image';

/** What an image is made from. */
export interface ImageOptions {
  platform: string;
  version: Version;
  /** The program's folder, as `programTree` returns it. */
  tree: readonly Entry[];
  /** A folder for what is made on the way. */
  work: string;
}

interface Blob {
  mediaType: string;
  digest: string;
  size: number;
  file: string;
  /** Of a layer, the digest of what is compressed. */
  inner?: string;
}

/**
 * Writes an image of containers (OCI image layout, and the file with which older programs load it) as one archive: a small Debian, and the
 * program on top of it.
 * @returns what of Debian is in it, for the bill of materials
 */
export async function writeImage(file: string, options: ImageOptions): Promise<Component[]> {
  const { work, version } = options;
  const base = debianBase(work, version.time);
  const inBase = (path: string) =>
    execFileSync('tar', ['-xOf', base, `./${path}`], { encoding: 'utf8' });
  const accounts = { passwd: inBase('etc/passwd'), group: inBase('etc/group') };
  const program = join(work, 'program.tar');
  await writeChunks(program, tarOf(imageFiles(options.tree, accounts), { time: version.time }));
  const layers = [await layerOf(base), await layerOf(program)];
  const config = blobOf(work, 'config', `${MEDIA}.config.v1+json`, imageConfig(options, layers));
  const manifest = blobOf(work, 'manifest', `${MEDIA}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: described(config),
    layers: layers.map(described),
  });
  const files = layoutFiles(options, { layers, config, manifest });
  await writeChunks(file, tarOf(files, { time: version.time }));
  const components = debianComponents(inBase('var/lib/dpkg/status'));
  for (const each of [base, program, ...layers.map((layer) => layer.file)]) rmSync(each);
  return components;
}

/** Returns what comes on top of Debian: the program, its command and account, and the folder of data, which a volume replaces. */
export function imageFiles(
  tree: readonly Entry[],
  { passwd, group }: { passwd: string; group: string },
): Entry[] {
  return [
    ...tree
      .filter(({ path }) => !/^(docs|deploy)\//.test(path))
      .map((entry) => ({ ...entry, path: `${HOME}/${entry.path}` })),
    ...tree
      .filter(({ path }) => path === 'docs/third-party.md')
      .map((entry) => ({ ...entry, path: 'usr/share/doc/finestreta/third-party.md' })),
    link('usr/bin/finestreta', '../lib/finestreta/bin/finestreta'),
    textFile(
      'etc/passwd',
      `${passwd}finestreta:x:${USER}:${USER}:Finestreta:/data:/usr/sbin/nologin\n`,
    ),
    textFile('etc/group', `${group}finestreta:x:${USER}:\n`),
    { ...folder('data', 0o750), owner: USER },
  ];
}

/** Returns the image's settings (OCI image specification, config). */
export function imageConfig(
  { platform, version }: Pick<ImageOptions, 'platform' | 'version'>,
  layers: readonly Pick<Blob, 'inner'>[],
) {
  const created = new Date(version.time * 1000).toISOString();
  return {
    created,
    architecture: platform.endsWith('arm64') ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      User: `${USER}:${USER}`,
      Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOST=0.0.0.0', 'DATA_DIR=/data'],
      Entrypoint: ['/usr/bin/tini', '--', '/usr/bin/finestreta'],
      Cmd: ['serve'],
      WorkingDir: '/data',
      Volumes: { '/data': {} },
      ExposedPorts: { '3000/tcp': {} },
      StopSignal: 'SIGTERM',
      // Docker's own extension. Others, such as Podman and Kubernetes, ignore it: the compose file and the chart say it again.
      Healthcheck: {
        Test: ['CMD', '/usr/bin/finestreta', 'health'],
        Interval: 30e9,
        Timeout: 10e9,
        StartPeriod: 90e9,
        Retries: 3,
      },
      Labels: {
        'org.opencontainers.image.title': 'Finestreta',
        'org.opencontainers.image.version': version.name,
        'org.opencontainers.image.revision': version.revision,
        'org.opencontainers.image.licenses': 'EUPL-1.2',
        'org.opencontainers.image.created': created,
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ inner }) => inner) },
    history: [
      { created, created_by: 'Debian', comment: 'mmdebstrap' },
      { created, created_by: 'Finestreta', comment: 'npm run package image' },
    ],
  };
}

async function layerOf(tar: string): Promise<Blob> {
  const file = `${tar}.gz`;
  await pipeline(createReadStream(tar), createGzip({ level: 9 }), createWriteStream(file));
  return {
    mediaType: `${MEDIA}.layer.v1.tar+gzip`,
    digest: `sha256:${await sha256Of(file)}`,
    inner: `sha256:${await sha256Of(tar)}`,
    size: statSync(file).size,
    file,
  };
}

function blobOf(work: string, name: string, mediaType: string, content: unknown): Blob {
  const text = JSON.stringify(content);
  const file = join(work, `${name}.json`);
  writeFileSync(file, text);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { mediaType, digest, size: Buffer.byteLength(text), file };
}

const described = ({ mediaType, digest, size }: Blob) => ({ mediaType, digest, size });

/** Returns the files of the archive: the OCI layout, and `manifest.json` for `docker load` of before 2024. */
function layoutFiles(
  { version }: ImageOptions,
  { layers, config, manifest }: { layers: Blob[]; config: Blob; manifest: Blob },
): Entry[] {
  const path = ({ digest }: Blob) => `blobs/${digest.replace(':', '/')}`;
  const tag = version.name.replaceAll('+', '-');
  const annotations = {
    'org.opencontainers.image.ref.name': tag,
    'io.containerd.image.name': `finestreta:${tag}`,
  };
  const index = {
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests: [{ ...described(manifest), annotations }],
  };
  const forDocker = [
    { Config: path(config), RepoTags: [`finestreta:${tag}`], Layers: layers.map(path) },
  ];
  return [
    textFile('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    textFile('index.json', JSON.stringify(index)),
    textFile('manifest.json', JSON.stringify(forDocker)),
    ...[...layers, config, manifest].map(
      (blob): Entry => ({
        path: path(blob),
        mode: 0o644,
        kind: 'file',
        size: blob.size,
        read: () => readFileSync(blob.file),
      }),
    ),
  ];
}
