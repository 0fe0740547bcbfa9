import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './make.ts';

/** What an image says about how it runs (OCI image specification). */
export interface ImageSettings {
  User: string;
  Env: string[];
  Entrypoint: string[];
  Cmd: string[];
}

/** Unpacks an image's archive: its layers on top of each other into `root`. @returns its settings */
export function unpackImage(archive: string, root: string, work: string): ImageSettings {
  mkdirSync(root, { recursive: true });
  mkdirSync(work, { recursive: true });
  run(['tar', '-xf', archive, '-C', work]);
  const json = (path: string) => JSON.parse(readFileSync(join(work, path), 'utf8'));
  const blob = (digest: string) => `blobs/${digest.replace(':', '/')}`;
  const manifest = json(blob(json('index.json').manifests[0].digest));
  for (const { digest } of manifest.layers)
    run(['tar', '-xpf', join(work, blob(digest)), '-C', root, '--numeric-owner']);
  return json(blob(manifest.config.digest)).config;
}

/** How a container is started. */
export interface Container {
  root: string;
  /** The folder that is the volume /data. */
  data: string;
  settings: ImageSettings;
  env: Record<string, string>;
}

/** Returns the command that starts a container without Docker: the image's user, a root that can't be written, namespaces of its own. */
export function containerCommand(
  { root, data, settings, env }: Container,
  args: string[],
): string[] {
  const [user = '', group = ''] = settings.User.split(':');
  const image = Object.fromEntries(settings.Env.map((each) => each.split(/=(.*)/s).slice(0, 2)));
  const variables = Object.entries({ ...image, ...env });
  return [
    ...['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--no-new-privs'],
    ...['bwrap', '--ro-bind', root, '/', '--bind', data, '/data', '--tmpfs', '/tmp'],
    ...['--proc', '/proc', '--dev', '/dev', '--unshare-all', '--share-net', '--die-with-parent'],
    ...['--as-pid-1', '--chdir', '/data', '--clearenv'],
    ...variables.flatMap(([name, value]) => ['--setenv', name, String(value)]),
    ...['--', ...args],
  ];
}
