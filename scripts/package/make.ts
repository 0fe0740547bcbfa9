import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chartName, writeChart } from './chart.ts';
import { debName, writeDeb } from './deb.ts';
import { sha256Of, writeChunks } from './files.ts';
import { writeImage } from './image.ts';
import { type Component, packageSbom } from './sbom.ts';
import { tarOf } from './tar.ts';
import { programTree } from './tree.ts';
import { readVersion } from './version.ts';

/** The kinds of packages. */
export const KINDS = ['tarball', 'deb', 'image', 'chart'] as const;
export type Kind = (typeof KINDS)[number];

/** Where packages come from and go to. */
export interface MakeOptions {
  /** The project's folder, with a build and installed packages. */
  root: string;
  /** Where they are written. */
  to: string;
  kinds: readonly Kind[];
}

/**
 * Writes packages, each with its bill of materials, and SHA256SUMS.
 * @returns the files
 */
export async function makePackages({ root, to, kinds }: MakeOptions): Promise<string[]> {
  const version = readVersion(root);
  const platform = `${process.platform}-${process.arch}`;
  const tree = programTree({ root, platform, revision: version.revision });
  const work = join(to, '.work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const file = (name: string) => join(to, name);
  const written: string[] = [];
  const add = (path: string, more: readonly Component[] = []) => {
    const sbom = `${path.replace(/\.(tar\.gz|deb|oci\.tar)$/, '')}.${kindOf(path)}sbom.json`;
    writeFileSync(sbom, packageSbom(root, version, more));
    written.push(path, sbom);
  };
  const name = `finestreta-${version.name}-${platform}`;
  if (kinds.includes('tarball')) {
    const inside = tree.map((entry) => ({ ...entry, path: `${name}/${entry.path}` }));
    await writeChunks(file(`${name}.tar.gz`), tarOf(inside, version), 'gzip');
    add(file(`${name}.tar.gz`));
  }
  if (kinds.includes('deb')) {
    const options = { root, platform, version, tree };
    await writeDeb(file(debName(options)), { ...options, work });
    add(file(debName(options)));
  }
  if (kinds.includes('image')) {
    const image = file(`${name}.oci.tar`);
    add(image, await writeImage(image, { platform, version, tree, work }));
  }
  if (kinds.includes('chart')) {
    await writeChart(file(chartName(version)), root, version);
    written.push(file(chartName(version)));
  }
  rmSync(work, { recursive: true });
  writeFileSync(file('SHA256SUMS'), await sumsOf(written));
  return [...written, file('SHA256SUMS')];
}

const kindOf = (path: string): string => (path.endsWith('.oci.tar') ? 'oci.' : '');

/** Returns the sums of files in the form that `sha256sum --check` reads. */
async function sumsOf(files: readonly string[]): Promise<string> {
  const lines = [];
  for (const each of [...files].sort()) lines.push(`${await sha256Of(each)}  ${basename(each)}\n`);
  return lines.join('');
}
