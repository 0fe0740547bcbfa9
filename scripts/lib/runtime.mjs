// @ts-check
/** Finds the packages that the service needs to run. It runs on any Node >= 20 with no dependency. */

/**
 * @typedef {object} Locked what a lockfile says of a package
 * @property {string} [version]
 * @property {string} [license]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [devOptional]
 * @property {boolean} [optional]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/**
 * Returns the paths of all packages that running needs, directly or not, on every platform. A package that is only an
 * optional peer of another is not needed: npm keeps such a one where a development package brings it.
 * @param {Record<string, Locked>} packages of a lockfile, by path
 * @returns {Set<string>}
 */
export function runtimePaths(packages) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} path */
  const visit = (path) => {
    const locked = packages[path];
    if (!locked || found.has(path)) return;
    if (path !== '') found.add(path);
    const peers = Object.keys(locked.peerDependencies ?? {}).filter(
      (each) => !locked.peerDependenciesMeta?.[each]?.optional,
    );
    const needed = { ...locked.dependencies, ...locked.optionalDependencies };
    for (const each of [...Object.keys(needed), ...peers]) visit(resolved(packages, path, each));
  };
  visit('');
  return found;
}

/**
 * Returns where Node finds a package that another imports: beside it, or in a folder above.
 * @param {Record<string, Locked>} packages
 * @param {string} from
 * @param {string} name
 */
function resolved(packages, from, name) {
  for (let folder = from; ; folder = folder.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (folder === '' || packages[path]) return path;
  }
}
