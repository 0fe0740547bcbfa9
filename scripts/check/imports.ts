import { posix } from 'node:path';

/** A source file: its path from the project's folder, with `/`, and its text. */
export interface Source {
  path: string;
  text: string;
}

export interface Finding {
  path: string;
  line: number;
  message: string;
}

export interface Import {
  line: number;
  /** A package's name or a relative path, as written. */
  name: string;
  /** The project's file it means, for a relative one. */
  target: string | null;
  typeOnly: boolean;
}

const STATEMENT =
  /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s+from\s+)?'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'\s*\)/gm;

/** The imports and re-exports of a file. */
export function importsOf({ path, text }: Source): Import[] {
  return [...text.matchAll(STATEMENT)].map((match) => {
    const name = match[2] ?? match[3] ?? '';
    const relative = name.startsWith('.');
    return {
      line: lineAt(text, match.index + match[0].indexOf(`'`)),
      name,
      target: relative ? posix.join(posix.dirname(path), name.replace(/\?.*$/, '')) : null,
      typeOnly: match[1] !== undefined,
    };
  });
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

export const isTest = (path: string): boolean =>
  /\.(test|fixture)\.tsx?$|(^|\/)testing(\.ts$|\/)/.test(path);

type Layer =
  | 'lib'
  | 'domain'
  | 'formats'
  | 'features'
  | 'connectors'
  | 'ui'
  | 'islands'
  | 'web'
  | 'locales'
  | 'config'
  | 'top';

const MAY_IMPORT: Record<Layer, Layer[]> = {
  locales: ['locales', 'lib'],
  lib: ['lib', 'locales', 'config'],
  domain: ['domain', 'lib'],
  config: ['config', 'lib'],
  formats: ['formats', 'domain', 'lib', 'locales'],
  features: ['features', 'formats', 'domain', 'lib', 'locales', 'config'],
  connectors: ['connectors', 'features', 'domain', 'lib', 'config'],
  ui: ['ui', 'domain', 'lib', 'locales'],
  islands: ['islands', 'ui', 'domain'],
  web: ['web', 'ui', 'features', 'formats', 'domain', 'lib', 'locales', 'config'],
  top: [
    'top',
    'connectors',
    'web',
    'ui',
    'features',
    'formats',
    'domain',
    'lib',
    'locales',
    'config',
    'islands',
  ],
};

export function layerOf(path: string): Layer {
  if (path === 'src/config.ts' || path === 'src/paths.ts') return 'config';
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  return folder !== undefined && folder in MAY_IMPORT ? (folder as Layer) : 'top';
}

export const featureOf = (path: string): string | null =>
  /^src\/features\/([^/]+\/[^/]+)\//.exec(path)?.[1] ?? null;

/**
 * The public files of a feature. Any other file is a private part of one of these, so that all features
 * have the same structure.
 */
const VOCABULARY = ['rules.ts', 'store.ts', 'views.ts', 'service.ts', 'types.ts', 'jobs.ts'];

/** Imports that run against the direction web → features → formats → domain → lib, or into another's private parts. */
export function checkDirection(sources: Source[]): Finding[] {
  return sources
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .flatMap((source) =>
      importsOf(source).flatMap(({ line, target, typeOnly }) => {
        const message = target?.startsWith('src/') && wrongWay(source.path, target, typeOnly);
        return message ? [{ path: source.path, line, message }] : [];
      }),
    );
}

/** The list of what every feature declares. */
const ALL = 'src/features/all.ts';

function wrongWay(from: string, to: string, typeOnly: boolean): string | null {
  const layer = layerOf(from);
  const other = layerOf(to);
  const file = posix.basename(to);
  if (other === 'features') {
    if (layer === 'ui') {
      return typeOnly && file === 'types.ts' ? null : 'ui knows of a feature only its types.ts';
    }
    if (layer === 'connectors') {
      return file === 'types.ts'
        ? null
        : 'a connector imports of a feature only the port in its types.ts';
    }
    if (layer === 'islands') {
      return ['types.ts', 'rules.ts'].includes(file)
        ? null
        : 'an island may import a feature’s types.ts and rules.ts only';
    }
    if (to === ALL && layer !== 'top')
      return `${to} is for the wiring, which folds over every feature`;
    if (from === ALL && file === 'feature.ts') return null;
    const foreign = featureOf(to) !== null && featureOf(from) !== featureOf(to);
    if (foreign && !VOCABULARY.includes(posix.relative(`src/features/${featureOf(to)}`, to))) {
      return `${to} is a private piece of its feature; what others need goes through ${VOCABULARY.join(', ')}`;
    }
    if (file === 'store.ts' && layer !== 'top' && foreign) {
      return `${to} belongs to its feature alone; use its service or views`;
    }
  }
  // Pages get the context as an argument; only the start of the service creates one.
  if (layer === 'web' && to === 'src/context.ts' && typeOnly) return null;
  if (MAY_IMPORT[layer].includes(other)) return null;
  return `${layer} may not import ${other} (${to})`;
}

/** The layers of features: each imports only from itself and from those before it. */
const LAYERS = ['foundation', 'booking', 'service', 'insight'];

/** The layer of features that a file is in, and its feature, such as `booking` and `booking/slots`. */
const placeOf = (path: string): { layer: string; feature: string } | null => {
  const feature = featureOf(path);
  return feature === null ? null : { layer: feature.split('/')[0] ?? '', feature };
};

/** Imports of a feature from a layer above its own, and cycles of features; imports of types count. */
export function checkLayers(sources: Source[]): Finding[] {
  const code = sources.filter(({ path }) => placeOf(path) !== null && !isTest(path));
  const findings: Finding[] = [];
  const edges = new Map<string, Map<string, { path: string; line: number }>>();
  for (const source of code) {
    const from = placeOf(source.path);
    for (const { target, line } of importsOf(source)) {
      const to = target === null ? null : placeOf(target);
      if (!from || !to || to.feature === from.feature) continue;
      if (LAYERS.indexOf(to.layer) > LAYERS.indexOf(from.layer)) {
        const message = `${from.layer} may not import ${to.layer}, which is above it (${target})`;
        findings.push({ path: source.path, line, message });
        continue;
      }
      const known = edges.get(from.feature) ?? new Map();
      known.set(to.feature, { path: source.path, line });
      edges.set(from.feature, known);
    }
  }
  const done = new Set<string>();
  const walk = (feature: string, trail: string[]) => {
    if (done.has(feature)) return;
    for (const [next, at] of edges.get(feature) ?? []) {
      const start = next === feature ? trail.length : trail.indexOf(next);
      if (start < 0) walk(next, [...trail, feature]);
      else {
        const cycle = [...trail.slice(start), feature, next].join(' → ');
        findings.push({ ...at, message: `features import each other in a circle: ${cycle}` });
      }
    }
    done.add(feature);
  };
  for (const feature of edges.keys()) walk(feature, []);
  return findings;
}

/** Cycles of imports that exist at run time, each reported once. */
export function checkCycles(sources: Source[]): Finding[] {
  const edges = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap((one) =>
        one.target !== null && !one.typeOnly ? [{ to: one.target, line: one.line }] : [],
      ),
    ]),
  );
  const findings: Finding[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: string[]) => {
    if (done.has(path)) return;
    for (const { to, line } of edges.get(path) ?? []) {
      const start = to === path ? trail.length : trail.indexOf(to);
      if (start < 0) walk(to, [...trail, path]);
      else {
        const cycle = [...trail.slice(start), path, to].join(' → ');
        findings.push({ path, line, message: `imports run in a circle: ${cycle}` });
      }
    }
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
  return findings;
}
